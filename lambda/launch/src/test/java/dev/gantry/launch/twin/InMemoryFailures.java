package dev.gantry.launch.twin;

import dev.gantry.launch.BundleId;
import dev.gantry.launch.Failure;
import dev.gantry.launch.FleetName;
import dev.gantry.launch.InstanceId;
import dev.gantry.launch.port.Failures;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Failure objects by the key that they have in the bucket. */
public final class InMemoryFailures implements Failures {
    private final Calls calls;
    private final Map<String, Failure> objects = new TreeMap<>();

    public InMemoryFailures(Calls calls) {
        this.calls = calls;
    }

    @Override
    public void record(FleetName fleet, BundleId bundle, InstanceId instance, int stay, Failure failure, Instant at) {
        calls.through("failures.record", () -> {
            objects.putIfAbsent(bundle.sha256() + "/" + instance + "-" + stay, failure);
        });
    }

    public Map<String, Failure> objects() {
        return Collections.unmodifiableMap(objects);
    }
}
