package dev.gantry.launch.simulation;

import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.reconcile.Operator;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.release.Suspension;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Stay;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold of the breaker (docs/architecture.md, rule 6), whatever goes wrong. "Undisturbed" is an invocation in which
 * no fault struck and no other worker acted. A breaker that cannot count holds no abandonment back; the next undisturbed
 * invocation opens it. So the number abandoned within one launch deadline is at most what the fleet allows, plus one, plus those
 * that disturbed invocations abandoned, plus those that were already launched when launches were suspended.
 */
final class BreakerInvariants {
    private static final Duration STALE = Invariants.STALE;

    private final Timeline timeline;
    private final Settings settings;
    private final Bundles bundles;
    private final LaunchProcess process;
    private final SimulatedFailures failures;
    private final SimulatedJournal journal;
    private final Workers workers;
    private final Set<BundleId> liftedLast = new HashSet<>();
    private Instant changedLast = Instant.MIN;
    private Instant liftedAt = Instant.MIN;
    private Instant freedAt = Instant.MIN;
    private Optional<Instant> unfinishedSince = Optional.empty();

    BreakerInvariants(
            Timeline timeline,
            Settings settings,
            Bundles bundles,
            LaunchProcess process,
            SimulatedFailures failures,
            SimulatedJournal journal,
            Workers workers) {
        this.timeline = timeline;
        this.settings = settings;
        this.bundles = bundles;
        this.process = process;
        this.failures = failures;
        this.journal = journal;
        this.workers = workers;
    }

    /** Called when the release is written. */
    void released(Release before, Release after) {
        Instant now = timeline.instant();
        aQuarantineStandsUntilItIsLifted(before, after);
        noQuarantinedBundleBecomesCurrent(before, after);
        everyDecisionIsPagedBeforeItIsForgotten(before, after);
        noSuspensionByOthersIsTakenAsGantrys(before, after);
        for (BundleId bundle : after.quarantined().keySet()) {
            if (!before.isQuarantined(bundle)) {
                theBreakerOpensForDistinctFailuresAndNothingElse(bundle, before);
                launchesStopWhereNoGoodBundleIsLeft(bundle, before, after);
            }
        }
        boolean isResumed = before.suspension() != Suspension.NONE && after.suspension() == Suspension.NONE;
        boolean isFreed =
                !after.quarantined().keySet().containsAll(before.quarantined().keySet());
        liftedAt = isResumed ? now : liftedAt;
        freedAt = isFreed ? now : freedAt;
        aSuspensionIsCarriedOutBeforeItIsCalledSo(before, after);
        unfinishedSince =
                after.breaker().isUnfinished() ? unfinishedSince.or(() -> Optional.of(now)) : Optional.empty();
        changedLast = now;
    }

    /** An operator is about to lift this quarantine. */
    void lifts(Optional<BundleId> bundle) {
        bundle.ifPresent(liftedLast::add);
    }

    private void aQuarantineStandsUntilItIsLifted(Release before, Release after) {
        for (BundleId bundle : before.quarantined().keySet()) {
            if (!after.isQuarantined(bundle) && !liftedLast.contains(bundle)) {
                throw broken("aQuarantineStandsUntilItIsLifted", bundle + " is free, and nobody lifted it");
            }
        }
    }

    private static void noQuarantinedBundleBecomesCurrent(Release before, Release after) {
        boolean isNew = !after.current().equals(before.current());
        if (isNew && after.current().filter(after::isQuarantined).isPresent()) {
            throw broken("noQuarantinedBundleBecomesCurrent", after.current() + " is quarantined");
        }
    }

    private void everyDecisionIsPagedBeforeItIsForgotten(Release before, Release after) {
        for (BundleId bundle : before.breaker().unannounced()) {
            boolean isForgotten = !after.breaker().unannounced().contains(bundle) && after.isQuarantined(bundle);
            if (isForgotten && !journal.hasPaged("breaker_opened", bundle.sha256())) {
                throw broken("everyDecisionIsPagedBeforeItIsForgotten", "nobody was paged about bundle " + bundle);
            }
        }
        boolean isSuspended = before.suspension() == Suspension.INTENDED && after.suspension() == Suspension.SUSPENDED;
        if (isSuspended && !journal.hasPaged("launches_suspended", Scenario.WEB.value())) {
            throw broken("everyDecisionIsPagedBeforeItIsForgotten", "nobody was paged about the suspension");
        }
    }

    private void aSuspensionIsCarriedOutBeforeItIsCalledSo(Release before, Release after) {
        boolean isNew = before.suspension() == Suspension.INTENDED && after.suspension() == Suspension.SUSPENDED;
        Instant earliest = timeline.instant().minus(Scenario.FUNCTION_TIMEOUT);
        if (isNew && !process.isSuspended() && process.resumedAt().isBefore(earliest)) {
            throw broken("aSuspensionIsCarriedOutBeforeItIsCalledSo", "the group launches");
        }
    }

    private void theBreakerOpensForDistinctFailuresAndNothingElse(BundleId bundle, Release counted) {
        Instant now = timeline.instant();
        int least = settings.least(now.minus(STALE), now, p -> p.breaker().failures());
        Set<InstanceId> failed = failures.instances(bundle, counted.countFrom(bundle));
        if (failed.size() < least) {
            throw broken(
                    "theBreakerOpensForDistinctFailuresAndNothingElse",
                    bundle + " is quarantined, although only these failed since its last success: " + failed);
        }
    }

    private void launchesStopWhereNoGoodBundleIsLeft(BundleId bundle, Release before, Release after) {
        boolean isStuck = before.current().equals(Optional.of(bundle))
                && after.launchable().isEmpty();
        if (isStuck && after.suspension() == Suspension.NONE && !process.isSuspended() && workers.isUndisturbed()) {
            throw broken(
                    "launchesStopWhereNoGoodBundleIsLeft", bundle + " is quarantined, and the group still launches");
        }
    }

    /** Called when AWS accepts an abandonment. */
    void abandoned(Machine machine, Stay stay, Closing closing) {
        if (closing.abandonedFor() == Cause.RUN_FAILED) {
            theBreakerOpensAfterSoManyFailures(machine, stay);
        }
        beyondTheLimitLaunchesAreSuspended(machine);
    }

    private void theBreakerOpensAfterSoManyFailures(Machine machine, Stay stay) {
        Instant now = timeline.instant();
        BundleId bundle = stay.lastFailed().orElseThrow().bundle();
        Release release = bundles.release();
        int most = settings.most(now.minus(STALE), now, p -> p.breaker().failures());
        Set<InstanceId> failed = failures.instances(bundle, release.countFrom(bundle));
        // A worker that reads the quarantine from before the lifting counts nothing.
        boolean isSettled = freedAt.isBefore(now.minus(STALE)) && !bundles.mayBeUnsettled();
        boolean isDue = failed.size() >= most && !release.isQuarantined(bundle);
        if (isDue && workers.isUndisturbed() && isSettled) {
            throw broken(
                    "theBreakerOpensAfterSoManyFailures",
                    machine.id + " is abandoned, " + failed + " failed on " + bundle + ", and it is not quarantined");
        }
    }

    private void beyondTheLimitLaunchesAreSuspended(Machine machine) {
        Instant now = timeline.instant();
        Duration window = settings.least(now.minus(STALE), now, p -> p.launchDeadline());
        int most = settings.most(now.minus(STALE), now, p -> p.breaker().abandonments());
        Instant since = later(now.minus(window), liftedAt.equals(Instant.MIN) ? Instant.MIN : liftedAt.plusMillis(1));
        int abandoned = failures.abandonedSince(since);
        boolean isStopped = process.isSuspended() || bundles.release().suspension() != Suspension.NONE;
        boolean isSettled = !liftedAt.isAfter(now.minus(STALE)) && !bundles.mayBeUnsettled();
        if (abandoned > most && !isStopped && workers.isUndisturbed() && isSettled) {
            throw broken(
                    "beyondTheLimitLaunchesAreSuspended",
                    machine.id + " is abandoned as number " + abandoned + " within " + window
                            + ", and the group still launches");
        }
    }

    /** Called when AWS lets an instance proceed after a good run. */
    void proceeded(Stay stay) {
        Release release = bundles.release();
        Optional<BundleId> good = stay.attempts().stream()
                .filter(Attempt::succeeded)
                .map(Attempt::bundle)
                .filter(bundle -> release.current().equals(Optional.of(bundle)) && !release.isQuarantined(bundle))
                .findFirst();
        boolean isSettled = changedLast.isBefore(timeline.instant().minus(STALE));
        if (good.isPresent() && !release.lastGood().equals(good) && workers.isUndisturbed() && isSettled) {
            throw broken("aSuccessIsRemembered", good.get() + " succeeded, and last good is " + release.lastGood());
        }
    }

    /** Called when a run begins: an instance that began a run of a quarantined bundle takes no other bundle. */
    void sent(InstanceId instance, Set<BundleId> begunInThisWait) {
        Instant now = timeline.instant();
        for (BundleId bundle : begunInThisWait) {
            if (!bundles.wasUsable(bundle, now.minus(STALE), now)) {
                throw broken(
                        "onlyFreshInstancesTakeTheGoodBundle",
                        instance + " runs again after a run of " + bundle + ", which is quarantined");
            }
        }
    }

    /** A whole sweep, or a whole look at waiting instances, went by undisturbed. */
    void looked(Instant begun) {
        Optional<Instant> since = unfinishedSince.filter(at -> at.isBefore(begun.minus(STALE)));
        if (since.isPresent()) {
            throw broken(
                    "whatTheBreakerDecidedIsCarriedOut",
                    "undone since " + since.get() + ": " + bundles.release().breaker());
        }
    }

    /**
     * Called when Gantry resumes the group's launches. It may resume a suspension that the release calls Gantry's, although
     * somebody may have resumed and suspended by hand since: AWS has one flag, and does not say who set it.
     */
    void resumes() {
        if (process.isSuspendedByOthers() && bundles.release().suspension() == Suspension.NONE) {
            throw broken("liftingResumesOnlyWhatGantrySuspended", "it was suspended by somebody else alone");
        }
    }

    private void noSuspensionByOthersIsTakenAsGantrys(Release before, Release after) {
        boolean isNew = before.suspension() == Suspension.NONE && after.suspension() != Suspension.NONE;
        if (isNew && process.isSuspendedByOthersSince(timeline.instant().minus(Scenario.FUNCTION_TIMEOUT))) {
            throw broken("liftingResumesOnlyWhatGantrySuspended", "the release calls it Gantry's, and it is not");
        }
    }

    /** An operator proposed a bundle that was quarantined. */
    static void answered(BundleId bundle, Operator.Response answer) {
        if (answer.accepted() || !answer.message().contains("quarantined")) {
            throw broken("aQuarantinedBundleIsRefused", bundle + ": " + answer.message());
        }
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Violation broken(String invariant, String message) {
        return new Violation(invariant, message);
    }
}
