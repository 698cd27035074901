package dev.gantry.launch.simulation;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Failures;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Failure;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The failure and abandonment objects in S3: strongly consistent, LastModified in whole seconds, each key written once. */
final class SimulatedFailures implements Failures {
    private final Wire wire;
    private final Timeline timeline;
    private final Invariants invariants;
    private final Map<Key, Instant> failed = new TreeMap<>();
    private final Map<String, Instant> abandoned = new TreeMap<>();

    SimulatedFailures(Wire wire, Timeline timeline, Invariants invariants) {
        this.wire = wire;
        this.timeline = timeline;
        this.invariants = invariants;
    }

    private record Key(BundleId bundle, InstanceId instance, int stay) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byBundle = bundle.compareTo(other.bundle);
            int byInstance = byBundle != 0 ? byBundle : instance.compareTo(other.instance);
            return byInstance != 0 ? byInstance : Integer.compare(stay, other.stay);
        }
    }

    @Override
    public void record(FleetName fleet, BundleId bundle, InstanceId instance, int stay, Failure failure, Instant at) {
        wire.call("record failure", () -> {
            invariants.onlyAFailedRunIsCounted(instance, bundle);
            return failed.putIfAbsent(
                    new Key(bundle, instance, stay), timeline.instant().truncatedTo(ChronoUnit.SECONDS));
        });
    }

    @Override
    public Set<InstanceId> failed(FleetName fleet, BundleId bundle, Optional<Instant> after) {
        return wire.call("list failures", () -> instances(bundle, after));
    }

    /** The instances whose failures of the bundle were recorded after that time. */
    Set<InstanceId> instances(BundleId bundle, Optional<Instant> after) {
        Set<InstanceId> found = new TreeSet<>();
        failed.forEach((key, at) -> {
            if (key.bundle().equals(bundle)
                    && after.filter(time -> !at.isAfter(time)).isEmpty()) {
                found.add(key.instance());
            }
        });
        return found;
    }

    @Override
    public void abandoned(FleetName fleet, InstanceId instance, int stay, Instant decidedAt, Cause cause) {
        wire.call(
                "record abandonment",
                () -> abandoned.merge(
                        instance + "-" + stay,
                        decidedAt.truncatedTo(ChronoUnit.MILLIS),
                        (one, other) -> one.isAfter(other) ? one : other));
    }

    @Override
    public int abandonments(FleetName fleet, Instant since) {
        return wire.call("list abandonments", () -> abandonedSince(since));
    }

    int abandonedSince(Instant since) {
        return (int)
                abandoned.values().stream().filter(at -> !at.isBefore(since)).count();
    }

    boolean has(InstanceId instance, int stay) {
        return failed.keySet().stream().anyMatch(key -> key.instance().equals(instance) && key.stay() == stay);
    }
}
