package dev.gantry.launch.reconcile.breaker;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Failures;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.release.Change;
import dev.gantry.launch.release.LaunchProcess;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.release.Suspension;
import dev.gantry.launch.stay.Attempt;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Ends launch-and-terminate loops (docs/architecture.md, rule 6). A bundle is quarantined, by one conditional write, when as
 * many distinct instances failed on it since its last success as the fleet allows. Launches are suspended when more instances
 * were abandoned within one launch deadline than the fleet allows, for whatever cause. Misconfiguration, undelivered runs,
 * deadlines and quarantines never count against a bundle: only failed runs are recorded as failures.
 *
 * <p>It counts before the hook is completed, so that a worker that repeats a killed worker's abandonment counts again. If the
 * breaker cannot be opened, that is logged and holds nothing back: the next abandonment tries again.
 */
public final class Breaker {
    /** Maximum number of instances that a quarantine's reason names. */
    private static final int NAMED = 10;

    private final Fleets fleets;
    private final Groups groups;
    private final Failures failures;
    private final Journal journal;
    private final InstantSource clock;
    private final BreakerAftermath aftermath;

    public Breaker(Fleets fleets, Groups groups, Failures failures, Journal journal, InstantSource clock) {
        this.fleets = fleets;
        this.groups = groups;
        this.failures = failures;
        this.journal = journal;
        this.clock = clock;
        this.aftermath = new BreakerAftermath(fleets, groups, journal);
    }

    /**
     * A failed run that has been recorded.
     *
     * @param run its last failed one
     */
    public record FailedRun(InstanceId instance, Attempt run) {}

    /**
     * Counts the failures of these runs' bundles, and quarantines the bundles that are due.
     *
     * @param known the release as it was read at most 60 s ago
     * @return the bundles that are quarantined, although {@code known} does not say so
     */
    public Set<BundleId> countFailures(Fleet fleet, Release known, Collection<FailedRun> recorded) {
        Map<BundleId, FailedRun> last = new TreeMap<>();
        recorded.forEach(failed -> last.put(failed.run().bundle(), failed));
        Set<BundleId> takenOut = new TreeSet<>();
        last.forEach((bundle, failed) -> guarded(fleet.name(), () -> {
            if (isTakenOut(fleet, known, failed)) {
                takenOut.add(bundle);
            }
        }));
        return takenOut;
    }

    private boolean isTakenOut(Fleet fleet, Release known, FailedRun last) {
        BundleId bundle = last.run().bundle();
        int limit = fleet.policy().breaker().failures();
        if (known.isQuarantined(bundle)
                || failures.failed(fleet.name(), bundle, known.countFrom(bundle))
                                .size()
                        < limit) {
            return false;
        }
        // The known release can be 60 s old, and a success of a minute ago counts.
        Release fresh = fleets.change(fleet.name(), UnaryOperator.identity());
        Set<InstanceId> failed = failures.failed(fleet.name(), bundle, fresh.countFrom(bundle));
        return fresh.isQuarantined(bundle)
                || (failed.size() >= limit && opens(fleet.name(), fresh, bundle, reason(failed, last)));
    }

    /** One conditional write; it changes nothing if a success was recorded since the counting. */
    private boolean opens(FleetName fleet, Release counted, BundleId bundle, String reason) {
        // Asked only where it matters.
        LaunchProcess process = counted.otherGood(bundle).isEmpty() && !groups.isLaunchSuspended(fleet)
                ? LaunchProcess.RUNNING
                : LaunchProcess.SUSPENDED;
        AtomicBoolean ours = new AtomicBoolean();
        Release after = fleets.change(fleet, r -> {
            boolean stands = r.countFrom(bundle).equals(counted.countFrom(bundle));
            Release opened = stands
                    ? r.opened(bundle, reason, process).noting(r, change(Change.Kind.QUARANTINED, Optional.of(bundle)))
                    : r;
            ours.set(!opened.equals(r));
            return opened;
        });
        if (ours.get()) {
            aftermath.finish(fleet, after);
        }
        return after.isQuarantined(bundle);
    }

    private Change change(Change.Kind kind, Optional<BundleId> bundle) {
        return new Change(clock.instant(), kind, bundle, Change.GANTRY);
    }

    private static String reason(Set<InstanceId> failed, FailedRun last) {
        String names =
                failed.stream().sorted().limit(NAMED).map(InstanceId::value).collect(Collectors.joining(", "));
        String more = failed.size() > NAMED ? " and " + (failed.size() - NAMED) + " more" : "";
        return failed.size() + " instance(s) failed since its last success (" + names + more + "); " + last.instance()
                + ": "
                + last.run().failure().orElseThrow().summary();
    }

    /** Counts the fleet's abandonments, of which at least one has just been recorded, and suspends launches if it is due. */
    public void countAbandonments(Fleet fleet, Release known) {
        guarded(fleet.name(), () -> bound(fleet, known));
    }

    private void bound(Fleet fleet, Release known) {
        int limit = fleet.policy().breaker().abandonments();
        if (known.suspension() != Suspension.NONE || abandonments(fleet, known) <= limit) {
            return;
        }
        Release fresh = fleets.change(fleet.name(), UnaryOperator.identity());
        int count = abandonments(fleet, fresh);
        if (fresh.suspension() != Suspension.NONE || count <= limit) {
            return;
        }
        if (groups.isLaunchSuspended(fleet.name())) {
            journal.log(
                    EventType.LAUNCHES_SUSPENDED_ALREADY,
                    Map.of("fleet", fleet.name().value(), "abandonments", count));
            return;
        }
        suspend(fleet, fresh, count);
    }

    private void suspend(Fleet fleet, Release counted, int count) {
        String why = count + " instances were abandoned within one launch deadline of "
                + fleet.policy().launchDeadline().toSeconds() + " s, and the fleet allows "
                + fleet.policy().breaker().abandonments();
        AtomicBoolean ours = new AtomicBoolean();
        Release after = fleets.change(fleet.name(), r -> {
            boolean stands = r.breaker().liftedAt().equals(counted.breaker().liftedAt());
            Release suspending =
                    stands ? r.suspending(why).noting(r, change(Change.Kind.SUSPENDED, Optional.empty())) : r;
            ours.set(!suspending.equals(r));
            return suspending;
        });
        if (ours.get()) {
            aftermath.finish(fleet.name(), after);
        }
    }

    private int abandonments(Fleet fleet, Release release) {
        Instant window = clock.instant().minus(fleet.policy().launchDeadline());
        Instant since = release.breaker()
                .liftedAt()
                .map(lifted -> lifted.plusMillis(1))
                .filter(window::isBefore)
                .orElse(window);
        return failures.abandonments(fleet.name(), since);
    }

    private void guarded(FleetName fleet, Runnable step) {
        try {
            step.run();
        } catch (GantryException e) {
            notOpened(fleet, e);
        }
    }

    private void notOpened(FleetName fleet, GantryException e) {
        String error = String.valueOf(e.getMessage());
        journal.pageIfMisconfigured(
                EventType.BREAKER_NOT_OPENED,
                e,
                "the breaker of fleet " + fleet + " cannot count, so that a bad bundle is launched again and again"
                        + " until somebody repairs this: " + error,
                Map.of("fleet", fleet.value(), "error", error));
    }
}
