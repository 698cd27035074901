package dev.gantry.sandbox;

import dev.gantry.sandbox.agent.AgentOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which instances of the example have an SSM agent that registers, half a second after boot: all except the bastion,
 * whose role has no rights for Systems Manager, and those that were named.
 */
final class Agents implements AgentOptions.Registration {
    private static final Duration SOON = Duration.ofMillis(500);
    private static final String GROUP = "aws:autoscaling:groupName";

    private final boolean none;
    private final int dead;
    private final List<String> booted = new ArrayList<>();

    /**
     * @param none for agents that cannot register, because Systems Manager is away
     * @param dead the number of the instance with a dead agent, counted from 1 in the order of booting; 0 for none
     */
    Agents(boolean none, int dead) {
        this.none = none;
        this.dead = dead;
    }

    @Override
    public synchronized Optional<Duration> delay(String instanceId, Map<String, String> tags) {
        if (none || BastionFallback.GROUP.equals(tags.get(GROUP))) {
            return Optional.empty();
        }
        if (!booted.contains(instanceId)) {
            booted.add(instanceId);
        }
        return booted.indexOf(instanceId) + 1 == dead ? Optional.empty() : Optional.of(SOON);
    }
}
