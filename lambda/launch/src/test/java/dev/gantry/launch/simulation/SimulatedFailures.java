package dev.gantry.launch.simulation;

import dev.gantry.launch.BundleId;
import dev.gantry.launch.Cause;
import dev.gantry.launch.Failure;
import dev.gantry.launch.FleetName;
import dev.gantry.launch.InstanceId;
import dev.gantry.launch.port.Failures;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The failure objects; what the breaker would count is not simulated yet. */
final class SimulatedFailures implements Failures {
    private final Wire wire;
    private final Set<String> keys = new TreeSet<>();

    SimulatedFailures(Wire wire) {
        this.wire = wire;
    }

    @Override
    public void record(FleetName fleet, BundleId bundle, InstanceId instance, int stay, Failure failure, Instant at) {
        wire.call("record failure", () -> keys.add(instance + "-" + stay));
    }

    @Override
    public Set<InstanceId> failed(FleetName fleet, BundleId bundle, Optional<Instant> after) {
        return wire.call("list failures", Set::of);
    }

    @Override
    public void abandoned(FleetName fleet, InstanceId instance, int stay, Instant decidedAt, Cause cause) {
        wire.call("record abandonment", () -> true);
    }

    @Override
    public int abandonments(FleetName fleet, Instant since) {
        return wire.call("list abandonments", () -> 0);
    }

    boolean has(InstanceId instance, int stay) {
        return keys.contains(instance + "-" + stay);
    }
}
