package dev.gantry.launch.simulation;

import dev.gantry.launch.BundleId;
import dev.gantry.launch.Failure;
import dev.gantry.launch.FleetName;
import dev.gantry.launch.InstanceId;
import dev.gantry.launch.port.Failures;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/** The failure objects. */
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

    boolean has(InstanceId instance, int stay) {
        return keys.contains(instance + "-" + stay);
    }
}
