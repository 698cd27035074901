package dev.gantry.system.e2e;

import dev.gantry.sandbox.ec2.Ec2;
import dev.gantry.sandbox.ec2.Script;
import dev.gantry.sandbox.ec2.ShellScript;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How the playbooks of each group end on simulated instances. */
public final class Playbooks implements Script {
    public static final String TASK = "health : Prove that the health answer is served";
    public static final String MESSAGE = "gantry-health.service does not serve port 8080";

    private static final Duration SHORT = Duration.ofMillis(300);

    private final Map<String, Play> plays = new ConcurrentHashMap<>();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();
    private final Map<String, String> first = new ConcurrentHashMap<>();

    /** One playbook on one instance. */
    public interface Play {

        /**
         * How it ends.
         *
         * @param isFirst whether the instance is the first of its group on which a playbook ran
         * @param nth which playbook of the instance's it is, from 1
         */
        Outcome end(boolean isFirst, int nth);
    }

    public void play(String group, Play play) {
        plays.put(group, play);
    }

    /** How many playbooks the instance has executed. */
    public int executions(String instance) {
        return counts.getOrDefault(instance, 0);
    }

    public static Outcome success() {
        return Outcome.success(SHORT);
    }

    public static Outcome failure() {
        return Outcome.failure(SHORT, TASK, MESSAGE);
    }

    @Override
    public Outcome play(String instanceId, Ec2.LaunchSpec spec, ShellScript script) {
        String group = spec.tags().getOrDefault(Deployment.GROUP_TAG, "");
        first.putIfAbsent(group, instanceId);
        int nth = counts.merge(instanceId, 1, Integer::sum);
        return plays.getOrDefault(group, (isFirst, n) -> success())
                .end(first.get(group).equals(instanceId), nth);
    }
}
