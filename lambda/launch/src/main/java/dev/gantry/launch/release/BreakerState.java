package dev.gantry.launch.release;

import dev.gantry.launch.id.BundleId;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a fleet's breaker remembers besides the quarantined bundles; a part of the {@link Release}, so that it changes with it
 * by one conditional write.
 *
 * @param suspension whether Gantry keeps the group from launching
 * @param suspendedFor why, for people; empty without a suspension; absent in releases written before reasons were stored
 * @param countFrom for each bundle the time after which its failures count: its last success, or the lifting of its
 *     quarantine. The {@link #KEPT} newest are kept
 * @param liftedAt when a suspension was lifted last; earlier abandonments do not count again
 * @param unannounced quarantined bundles that were not announced yet
 */
public record BreakerState(
        Suspension suspension,
        Optional<String> suspendedFor,
        Map<BundleId, Instant> countFrom,
        Optional<Instant> liftedAt,
        Set<BundleId> unannounced) {

    /** More bundles than a fleet goes back to; the release stays an object of a few kilobytes. */
    public static final int KEPT = 20;

    /** A breaker that never opened. */
    public static final BreakerState CLOSED =
            new BreakerState(Suspension.NONE, Optional.empty(), Map.of(), Optional.empty(), Set.of());

    public BreakerState {
        countFrom = Collections.unmodifiableMap(new TreeMap<>(countFrom));
        unannounced = Collections.unmodifiableSet(new TreeSet<>(unannounced));
    }

    /** Whether something was decided that is not yet carried out or told. */
    public boolean isUnfinished() {
        return suspension == Suspension.INTENDED || !unannounced.isEmpty();
    }

    /** Failures of the bundle count after this time only; it never goes back. */
    BreakerState counting(BundleId bundle, Instant from) {
        Map<BundleId, Instant> changed = new TreeMap<>(countFrom);
        changed.merge(bundle, from, (one, other) -> one.isAfter(other) ? one : other);
        while (changed.size() > KEPT) {
            changed.entrySet().stream()
                    .min(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                    .map(Map.Entry::getKey)
                    .ifPresent(changed::remove);
        }
        return new BreakerState(suspension, suspendedFor, changed, liftedAt, unannounced);
    }

    BreakerState unannounced(BundleId bundle) {
        Set<BundleId> more = new TreeSet<>(unannounced);
        more.add(bundle);
        return new BreakerState(suspension, suspendedFor, countFrom, liftedAt, more);
    }

    BreakerState announced(Set<BundleId> bundles) {
        Set<BundleId> rest = new TreeSet<>(unannounced);
        rest.removeAll(bundles);
        return new BreakerState(suspension, suspendedFor, countFrom, liftedAt, rest);
    }

    BreakerState suspending(String why) {
        return suspension == Suspension.NONE
                ? new BreakerState(Suspension.INTENDED, Optional.of(why), countFrom, liftedAt, unannounced)
                : this;
    }

    BreakerState suspended() {
        return suspension == Suspension.INTENDED
                ? new BreakerState(Suspension.SUSPENDED, suspendedFor, countFrom, liftedAt, unannounced)
                : this;
    }

    BreakerState resumed(Instant now) {
        return new BreakerState(Suspension.NONE, Optional.empty(), countFrom, Optional.of(now), unannounced);
    }
}
