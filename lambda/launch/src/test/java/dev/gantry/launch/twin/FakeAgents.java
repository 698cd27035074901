package dev.gantry.launch.twin;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Agents;
import dev.gantry.launch.stay.Agent;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Agents that are registered by hand. */
public final class FakeAgents implements Agents {
    private final Calls calls;
    private final Map<InstanceId, Agent> registered = new TreeMap<>();

    public FakeAgents(Calls calls) {
        this.calls = calls;
    }

    @Override
    public Map<InstanceId, Agent> describe(Collection<InstanceId> instances) {
        return calls.through("agents.describe", () -> {
            if (instances.isEmpty() || instances.size() > 50) {
                throw new IllegalArgumentException("DescribeInstanceInformation takes 1 to 50 instances a page");
            }
            Map<InstanceId, Agent> found = new TreeMap<>(registered);
            found.keySet().retainAll(instances);
            return found;
        });
    }

    /** The agent pings; it was registered from the first time on. */
    public void ping(InstanceId instance, Instant at) {
        registered.put(instance, new Agent(true, Optional.of(at)));
    }

    /** Its connection is lost; Systems Manager still knows it. */
    public void lose(InstanceId instance) {
        registered.computeIfPresent(instance, (i, agent) -> new Agent(false, agent.lastPing()));
    }

    boolean isRegistered(InstanceId instance) {
        return registered.containsKey(instance);
    }
}
