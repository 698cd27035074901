package dev.gantry.aws.scale;

import java.util.Map;

/**
 * What is launched, and when. Everything else is drawn from the seed.
 *
 * @param instances how many, of one group
 * @param launchSeconds in which Auto Scaling has launched all of them
 * @param agentSeconds within which, after its launch, each agent is online
 * @param runSeconds that a run takes, give or take a quarter
 * @param announced whether instances announce themselves once their agent is online
 */
public record Burst(int instances, int launchSeconds, int agentSeconds, int runSeconds, boolean announced, long seed) {

    /** From options: instances, launch-seconds, agent-seconds, run-seconds, announced, seed. */
    public static Burst of(Map<String, String> options) {
        return new Burst(
                number(options, "instances"),
                number(options, "launch-seconds"),
                number(options, "agent-seconds"),
                number(options, "run-seconds"),
                Boolean.parseBoolean(options.get("announced")),
                number(options, "seed"));
    }

    private static int number(Map<String, String> options, String name) {
        return Integer.parseInt(options.get(name));
    }
}
