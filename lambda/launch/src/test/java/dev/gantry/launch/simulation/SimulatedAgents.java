package dev.gantry.launch.simulation;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Agents;
import dev.gantry.launch.stay.Agent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** DescribeInstanceInformation: agents as they were up to 30 s ago. */
final class SimulatedAgents implements Agents {
    private final Wire wire;
    private final Timeline timeline;
    private final Faults faults;
    private final AutoScaling autoScaling;

    SimulatedAgents(Wire wire, Timeline timeline, Faults faults, AutoScaling autoScaling) {
        this.wire = wire;
        this.timeline = timeline;
        this.faults = faults;
        this.autoScaling = autoScaling;
    }

    @Override
    public Map<InstanceId, Agent> describe(Collection<InstanceId> instances) {
        return wire.callSsm("describe agents", () -> {
            Duration lag = faults.strikes(FaultKind.LIST_LAGS)
                    ? faults.of(FaultKind.LIST_LAGS).seconds(1, 30)
                    : Duration.ZERO;
            Instant t = timeline.instant().minus(lag);
            Map<InstanceId, Agent> found = new TreeMap<>();
            instances.forEach(i -> Optional.ofNullable(autoScaling.machines().get(i))
                    .flatMap(m -> m.agentAt(t))
                    .ifPresent(agent -> found.put(i, agent)));
            return found;
        });
    }
}
