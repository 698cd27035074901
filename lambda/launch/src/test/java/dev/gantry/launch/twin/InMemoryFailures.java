package dev.gantry.launch.twin;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Failures;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Failure;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Failure objects by the key that they have in the bucket; their times are whole seconds, as S3's LastModified is. */
public final class InMemoryFailures implements Failures {
    private final Calls calls;
    private final HandClock clock;
    private final Map<String, Failure> objects = new TreeMap<>();
    private final Map<String, Instant> written = new TreeMap<>();
    private final Map<String, Cause> abandoned = new TreeMap<>();

    public InMemoryFailures(Calls calls, HandClock clock) {
        this.calls = calls;
        this.clock = clock;
    }

    @Override
    public void record(FleetName fleet, BundleId bundle, InstanceId instance, int stay, Failure failure, Instant at) {
        calls.through("failures.record", () -> {
            String key = prefix(fleet, bundle) + instance + "-" + stay;
            objects.putIfAbsent(key, failure);
            written.putIfAbsent(key, clock.instant().truncatedTo(ChronoUnit.SECONDS));
        });
    }

    @Override
    public Set<InstanceId> failed(FleetName fleet, BundleId bundle, Optional<Instant> after) {
        return calls.through("failures.failed", () -> {
            Set<InstanceId> found = new TreeSet<>();
            String prefix = prefix(fleet, bundle);
            written.forEach((key, at) -> {
                if (key.startsWith(prefix)
                        && after.filter(time -> !at.isAfter(time)).isEmpty()) {
                    found.add(new InstanceId(key.substring(prefix.length(), key.lastIndexOf('-'))));
                }
            });
            return found;
        });
    }

    @Override
    public void abandoned(FleetName fleet, InstanceId instance, int stay, Instant decidedAt, Cause cause) {
        calls.through("failures.abandoned", () -> {
            abandoned.putIfAbsent(fleet.encoded() + "/" + decidedAt + "/" + instance + "-" + stay, cause);
        });
    }

    @Override
    public int abandonments(FleetName fleet, Instant since) {
        return calls.through("failures.abandonments", () -> (int) abandoned.keySet().stream()
                .map(key -> key.split("/"))
                .filter(parts -> parts[0].equals(fleet.encoded()))
                .filter(parts -> !Instant.parse(parts[1]).isBefore(since))
                .map(parts -> parts[2])
                .distinct()
                .count());
    }

    private static String prefix(FleetName fleet, BundleId bundle) {
        return fleet.encoded() + "/" + bundle.sha256() + "/";
    }

    public Map<String, Failure> objects() {
        return Collections.unmodifiableMap(objects);
    }

    /** The causes of all abandonments, by fleet, time, instance and stay. */
    public Map<String, Cause> abandonments() {
        return Collections.unmodifiableMap(abandoned);
    }
}
