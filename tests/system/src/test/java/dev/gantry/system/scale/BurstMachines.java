package dev.gantry.system.scale;

import dev.gantry.aws.scale.Burst;
import dev.gantry.sandbox.agent.AgentOptions.Registration;
import dev.gantry.sandbox.ec2.Ec2;
import dev.gantry.sandbox.ec2.Script;
import dev.gantry.sandbox.ec2.ShellScript;
import dev.gantry.sandbox.ec2.SimulatedFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What a burst's instances do: when their agents register, and how long their runs take, drawn as in virtual time. */
final class BurstMachines implements Registration, Script {
    static final SimulatedFactory.Times TIMES =
            new SimulatedFactory.Times(Duration.ofSeconds(1), Duration.ofSeconds(1));

    private final Burst burst;
    private final Random random;
    private final Map<String, Duration> runs = new HashMap<>();
    private final Map<String, Integer> executions = new HashMap<>();
    private final List<Instant> ready = new ArrayList<>();

    BurstMachines(Burst burst) {
        this.burst = burst;
        this.random = new Random(burst.seed());
    }

    /** Asked when a machine has booted. */
    @Override
    public synchronized Optional<Duration> delay(String instanceId, Map<String, String> tags) {
        Duration online = Duration.ofMillis((long) ((0.15 + 0.85 * random.nextDouble()) * burst.agentSeconds() * 1000));
        Duration run = Duration.ofMillis((long) (burst.runSeconds() * (750 + 500 * random.nextDouble())));
        Duration delay = online.minus(TIMES.boot());
        Duration least = delay.isNegative() ? Duration.ZERO : delay;
        runs.put(instanceId, run);
        ready.add(Instant.now().plus(least).plus(run));
        return Optional.of(least);
    }

    @Override
    public synchronized Outcome play(String instanceId, Ec2.LaunchSpec spec, ShellScript script) {
        executions.merge(instanceId, 1, Integer::sum);
        return Outcome.success(runs.get(instanceId));
    }

    /** When each instance could be in service without any delay. */
    synchronized List<Instant> ready() {
        return List.copyOf(ready);
    }

    /** How often each instance executed a playbook. */
    synchronized Map<String, Integer> executions() {
        return Map.copyOf(executions);
    }
}
