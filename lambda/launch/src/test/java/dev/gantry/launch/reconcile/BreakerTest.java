package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.release.Change;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.release.Suspension;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.twin.Policies;
import dev.gantry.launch.twin.RecordingJournal.Line;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rule 6: a bad bundle is quarantined, and every loop of launching and terminating ends, whatever its cause. */
final class BreakerTest {
    private final World world = new World();

    BreakerTest() {
        limits(3, 10);
    }

    private void limits(int failures, int abandonments) {
        world.fleet(World.WEB, Policies.breaking(failures, abandonments));
    }

    /** The fleet has a good bundle, and then {@link World#SECOND} becomes its current one. */
    private void publishSecond() {
        succeedOne();
        world.fleets.upload(World.WEB, World.SECOND);
        assertTrue(world.operator().propose(World.WEB, World.SECOND, "ann").accepted());
    }

    private InstanceId running() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.look(world.event(instance));
        world.clock.passSeconds(1);
        return instance;
    }

    private InstanceId failOne() {
        InstanceId instance = running();
        world.fail(instance);
        assertInstanceOf(Decision.Abandon.class, world.look(instance));
        world.clock.passSeconds(1);
        return instance;
    }

    private void succeedOne() {
        InstanceId instance = running();
        world.succeed(instance);
        assertInstanceOf(Decision.Proceed.class, world.look(instance));
        world.clock.passSeconds(1);
    }

    private Release release() {
        return world.fleets.release(World.WEB);
    }

    /** The agent reports how the shutdown ended the run, up to minutes before Auto Scaling notices that the instance is gone. */
    @Test
    void aRunThatASpotInterruptionEndedIsNoFailureOfItsBundle() {
        limits(1, 10);
        InstanceId taken = running();

        world.commands.end(taken, new Verdict.Undelivered("ended from outside: signal: terminated"));
        assertInstanceOf(Decision.Wait.class, world.look(taken));
        world.groups.state(taken, "Terminating:Wait");
        world.look(taken);

        assertEquals(
                Closing.Kind.ELSEWHERE,
                world.stay(taken).closing().orElseThrow().kind());
        assertFalse(release().isQuarantined(World.FIRST));
        failOne();
        assertTrue(release().isQuarantined(World.FIRST));
    }

    @Test
    void theLastGoodBundleTakesThePlaceOfOneOnWhichThreeInstancesFailed() {
        publishSecond();
        InstanceId first = failOne();
        failOne();
        assertFalse(release().isQuarantined(World.SECOND));
        InstanceId third = failOne();
        assertEquals(Optional.of(World.FIRST), release().current());
        assertEquals(Suspension.NONE, release().suspension());
        String reason = release().quarantined().get(World.SECOND);
        assertTrue(reason.contains(first.value()), reason);
        assertTrue(reason.contains(third + ": task 'start nginx': unit not found"), reason);
        assertFalse(world.groups.isSuspended(World.WEB));
        assertEquals(
                new Change(
                        release().changes().get(0).at(),
                        Change.Kind.QUARANTINED,
                        Optional.of(World.SECOND),
                        Change.GANTRY),
                release().changes().get(0));
        succeedOne();
        assertEquals(1, world.journal.lines("breaker_opened").size());
        String message = world.journal.lines("breaker_opened").get(0).message();
        assertTrue(message.endsWith("bundle " + World.FIRST.brief() + " is current; publish a fixed one"), message);
    }

    @Test
    void aFailingInstanceCountsOnceHoweverOftenItFails() {
        limits(2, 10);
        InstanceId instance = running();
        for (int stay = 2; stay < 9; stay++) {
            world.failures.record(World.WEB, World.FIRST, instance, stay, World.BROKEN_PLAY, world.clock.instant());
        }
        world.fail(instance);
        world.look(instance);
        assertFalse(release().isQuarantined(World.FIRST));
    }

    @Test
    void theSameBytesAreAnotherBundleForAnotherFleet() {
        FleetName other = new FleetName("other");
        List.of(running(), running(), running())
                .forEach(
                        i -> world.failures.record(other, World.FIRST, i, 1, World.BROKEN_PLAY, world.clock.instant()));
        failOne();
        assertFalse(release().isQuarantined(World.FIRST));
    }

    @Test
    void aSuccessStartsTheCountAgain() {
        failOne();
        failOne();
        succeedOne();
        failOne();
        failOne();
        assertFalse(release().isQuarantined(World.FIRST));
        failOne();
        assertTrue(release().isQuarantined(World.FIRST));
    }

    @Test
    void aSuccessThatTheCacheDoesNotShowYetCounts() {
        succeedOne();
        failOne();
        failOne();
        world.fleets.cacheFor(Duration.ofMinutes(1));
        InstanceId instance = running();
        world.fail(instance);
        world.fleets.change(World.WEB, r -> r.succeeded(World.FIRST, world.clock.instant()));
        world.clock.passSeconds(1);
        assertInstanceOf(Decision.Abandon.class, world.look(instance));
        assertFalse(release().isQuarantined(World.FIRST));
    }

    @Test
    void successesOfABundleThatNeverFailedAreNotWritten() {
        succeedOne();
        world.calls.forget();
        succeedOne();
        assertEquals(0, world.calls.count("fleets.change"));
        assertEquals(1, world.calls.count("failures.failed"));
    }

    @Test
    void aBundleThatFailsEverySecondTimeIsNeverQuarantinedButItsLoopEnds() {
        limits(3, 4);
        for (int round = 0; round < 5; round++) {
            assertFalse(world.groups.isSuspended(World.WEB), "round " + round);
            succeedOne();
            failOne();
        }
        assertTrue(world.groups.isSuspended(World.WEB));
        assertEquals(Suspension.SUSPENDED, release().suspension());
        assertTrue(release().quarantined().isEmpty());
        Line page = world.journal.lines("launches_suspended").get(0);
        assertTrue(page.message().contains("5 instances were abandoned within one launch deadline"), page.message());
        assertTrue(world.operator().lift(World.WEB, Optional.empty(), "ann").accepted());
        failOne();
        assertFalse(world.groups.isSuspended(World.WEB), "abandonments before the lifting do not count again");
        assertEquals(1, world.journal.lines("launches_suspended").size());
    }

    @Test
    void abandonmentsOfMoreThanALaunchDeadlineAgoDoNotCount() {
        limits(100, 2);
        for (int hour = 0; hour < 6; hour++) {
            failOne();
            world.clock.pass(Policy.DEFAULT.launchDeadline().dividedBy(2));
        }
        assertFalse(world.groups.isSuspended(World.WEB));
    }

    @Test
    void withoutAnotherGoodBundleLaunchesAreSuspendedAndLiftingResumesThem() {
        succeedOne();
        failOne();
        failOne();
        failOne();
        assertTrue(world.groups.isSuspended(World.WEB));
        assertEquals(Suspension.SUSPENDED, release().suspension());
        String message = world.journal.lines("breaker_opened").get(0).message();
        assertTrue(message.contains("; no other bundle is known to be good: publish a fixed one"), message);
        assertEquals(Optional.empty(), release().launchable());
        Operator.Response refused = world.operator().propose(World.WEB, World.FIRST, "ann");
        assertFalse(refused.accepted());
        assertTrue(refused.message().contains("unit not found"), refused.message());
        assertTrue(world.operator()
                .lift(World.WEB, Optional.of(World.FIRST), "ann")
                .accepted());
        assertFalse(world.groups.isSuspended(World.WEB));
        world.clock.passSeconds(1);
        failOne();
        failOne();
        assertFalse(release().isQuarantined(World.FIRST), "failures before the lifting do not count again");
        failOne();
        assertTrue(world.groups.isSuspended(World.WEB));
    }

    @Test
    void anInstanceThatWaitsForAnotherBundleIsKeptWithThatReason() {
        limits(1, 10);
        InstanceId waiting = world.launch();
        failOne();
        world.online(waiting);
        Decision decision = world.look(world.event(waiting));
        assertTrue(decision.why().contains("is quarantined: publish another one"), decision.why());
        assertEquals("Pending:Wait", world.groups.state(waiting));
    }

    @Test
    void aLiftingThatLeavesNothingToApplySaysSo() {
        limits(1, 10);
        failOne();
        Operator.Response answer = world.operator().lift(World.WEB, Optional.empty(), "ann");
        assertTrue(answer.accepted());
        assertTrue(answer.message().contains("no bundle to apply"), answer.message());
    }

    @Test
    void aBundlePublishedWhileLaunchesAreSuspendedIsAcceptedAndTheSuspensionIsReported() {
        limits(1, 10);
        failOne();
        world.fleets.upload(World.WEB, World.SECOND);
        Operator.Response answer = world.operator().propose(World.WEB, World.SECOND, "ann");
        assertTrue(answer.accepted());
        assertTrue(answer.message().contains("launches are still suspended"), answer.message());
        assertTrue(world.groups.isSuspended(World.WEB));
    }

    @Test
    void gantryDoesNotLiftASuspensionOfSomebodyElse() {
        limits(1, 10);
        world.groups.suspendByHand(World.WEB, true);
        failOne();
        assertTrue(release().isQuarantined(World.FIRST));
        assertEquals(Suspension.NONE, release().suspension());
        assertTrue(world.operator()
                .lift(World.WEB, Optional.of(World.FIRST), "ann")
                .accepted());
        assertTrue(world.groups.isSuspended(World.WEB));
    }

    @Test
    void theSecondLimitLeavesASuspensionOfSomebodyElseAsItIs() {
        limits(100, 1);
        world.groups.suspendByHand(World.WEB, true);
        failOne();
        failOne();
        assertEquals(Suspension.NONE, release().suspension());
        assertTrue(world.journal.lines("launches_suspended").isEmpty());
        assertEquals(
                Map.of("fleet", "web", "abandonments", 2),
                world.journal.lines("launches_suspended_already").get(0).fields());
    }

    @Test
    void launchesThatAnOperatorResumedByHandAreNotSuspendedAgain() {
        limits(1, 1);
        failOne();
        world.groups.suspendByHand(World.WEB, false);
        InstanceId instance = world.launch();
        world.online(instance);
        world.minute();
        assertFalse(world.groups.isSuspended(World.WEB));
    }

    @Test
    void onlyInstancesOnWhichNoRunHasStartedTakeTheGoodBundle() {
        publishSecond();
        InstanceId started = running();
        InstanceId waiting = world.launch();
        failOne();
        failOne();
        failOne();
        int failures = world.failures.objects().size();
        world.succeed(started);
        Decision.Abandon abandon = assertInstanceOf(Decision.Abandon.class, world.look(started));
        assertEquals(Cause.BUNDLE_QUARANTINED, abandon.cause());
        assertEquals(failures, world.failures.objects().size(), "uncounted");
        world.online(waiting);
        world.look(world.event(waiting));
        assertEquals(List.of(World.FIRST), bundlesOn(waiting));
    }

    private List<BundleId> bundlesOn(InstanceId instance) {
        return world.commands.on(instance).stream()
                .map(a -> a.command().bundle().orElseThrow())
                .toList();
    }

    @Test
    void noRunBeginsInTheRoundThatQuarantinesItsBundle() {
        publishSecond();
        failOne();
        failOne();
        InstanceId third = running();
        world.fail(third);
        InstanceId fresh = world.launch();
        world.online(fresh);
        Map<InstanceId, Decision> decisions = world.reconciler().look(List.of(Look.at(third), world.event(fresh)));
        assertInstanceOf(Decision.Abandon.class, decisions.get(third));
        assertInstanceOf(Decision.Wait.class, decisions.get(fresh));
        assertTrue(bundlesOn(fresh).isEmpty());
        world.look(fresh);
        assertEquals(List.of(World.FIRST), bundlesOn(fresh));
    }

    @Test
    void failuresThatAreNotTheBundlesNeverCountAgainstIt() {
        limits(1, 1000);
        List<InstanceId> instances = List.of(running(), running(), running());
        instances.forEach(i -> world.commands.end(i, new Verdict.Undelivered("DeliveryTimedOut")));
        for (int minute = 0; minute < 62; minute++) {
            world.minute();
            instances.forEach(i -> world.commands.end(i, new Verdict.Refused("AccessDenied")));
        }
        assertEquals(
                List.of(Cause.LAUNCH_DEADLINE, Cause.LAUNCH_DEADLINE, Cause.LAUNCH_DEADLINE),
                List.copyOf(world.failures.abandonments().values()));
        assertTrue(world.failures.objects().isEmpty());
        assertTrue(release().quarantined().isEmpty());
        assertFalse(world.groups.isSuspended(World.WEB));
    }

    @Test
    void deadlinesThatPassOneAfterTheOtherEndTheLoopToo() {
        limits(1, 2);
        List<InstanceId> absent = List.of(world.launch(), world.launch(), world.launch());
        for (int minute = 0; minute < 62; minute++) {
            world.minute();
        }
        absent.forEach(i -> assertEquals("Terminating", world.groups.state(i)));
        assertTrue(world.groups.isSuspended(World.WEB));
        assertTrue(release().quarantined().isEmpty());
    }

    @Test
    void aFailedInstanceThatIsHeldCountsAtOnce() {
        world.fleet(World.WEB, Policies.holding(Duration.ofMinutes(30)));
        for (InstanceId instance : List.of(running(), running(), running())) {
            world.fail(instance);
            assertInstanceOf(Decision.Hold.class, world.look(instance));
        }
        assertTrue(release().isQuarantined(World.FIRST));
        assertTrue(world.groups.isSuspended(World.WEB));
    }

    @Test
    void aBreakerThatCannotBeOpenedDelaysNothingAndIsTriedWithTheNextAbandonment() {
        limits(2, 10);
        failOne();
        InstanceId second = running();
        world.fail(second);
        world.calls.failBefore("failures.failed", new GantryException.Retryable("S3 is slow", null));
        assertInstanceOf(Decision.Abandon.class, world.look(second));
        assertEquals(1, world.journal.lines("breaker_not_opened").size());
        assertFalse(release().isQuarantined(World.FIRST));
        world.clock.passSeconds(1);
        failOne();
        assertTrue(release().isQuarantined(World.FIRST));
    }

    @Test
    void aMisconfigurationThatKeepsTheBreakerFromOpeningIsPaged() {
        InstanceId instance = running();
        world.fail(instance);
        world.calls.failBefore("failures.failed", new GantryException.Misconfigured("s3:ListBucket is not allowed"));
        assertInstanceOf(Decision.Abandon.class, world.look(instance));
        assertTrue(world.journal.lines("breaker_not_opened").get(0).isPage());
    }

    @Test
    void aSuspensionThatFailsIsFinishedByTheNextSweep() {
        limits(1, 10);
        InstanceId other = world.launch();
        world.calls.failBefore(
                "groups.suspendLaunch",
                new GantryException.Misconfigured("autoscaling:SuspendProcesses is not allowed"));
        failOne();
        assertEquals(Suspension.INTENDED, release().suspension());
        assertTrue(world.journal.lines("breaker_not_finished").get(0).isPage());
        assertEquals("Pending:Wait", world.groups.state(other));
        world.minute();
        assertTrue(world.groups.isSuspended(World.WEB));
        assertEquals(Suspension.SUSPENDED, release().suspension());
        assertEquals(1, world.journal.lines("breaker_opened").size());
        assertEquals(1, world.journal.lines("launches_suspended").size());
    }

    @Test
    void aSuspensionThatFailsIsFinishedByTheNextSweepAlsoIfNoInstanceWaits() {
        limits(1, 10);
        world.calls.failBefore("groups.suspendLaunch", new GantryException.Retryable("throttled", null));
        failOne();
        assertFalse(world.groups.isSuspended(World.WEB));
        world.minute();
        assertTrue(world.groups.isSuspended(World.WEB));
        assertEquals(Suspension.SUSPENDED, release().suspension());
        assertEquals(1, world.journal.lines("launches_suspended").size());
    }

    @Test
    void aFleetWhoseReleaseCannotBeReadDoesNotDelayAnotherFleetsBreaker() {
        limits(1, 10);
        world.fleet(new FleetName("another"), Policy.DEFAULT);
        world.calls.failBefore("groups.suspendLaunch", new GantryException.Retryable("throttled", null));
        failOne();
        world.calls.failBefore("fleets.find", new GantryException.Retryable("S3 is slow", null));
        world.minute();
        assertEquals(1, world.journal.lines("breaker_not_read").size());
        assertTrue(world.groups.isSuspended(World.WEB));
    }

    @Test
    void aSuspensionThatIsLiftedWhileItIsCarriedOutIsUndone() {
        limits(1, 10);
        world.calls.meanwhile(
                "groups.suspendLaunch", () -> world.operator().lift(World.WEB, Optional.of(World.FIRST), "ann"));
        failOne();
        assertFalse(world.groups.isSuspended(World.WEB));
        assertEquals(Suspension.NONE, release().suspension());
    }

    @Test
    void noInstanceIsAbandonedWhileItsAbandonmentCannotBeRecorded() {
        InstanceId instance = running();
        world.fail(instance);
        world.calls.failBefore("failures.abandoned", new GantryException.Retryable("S3 is slow", null));
        assertInstanceOf(Decision.Wait.class, world.look(instance));
        assertEquals("Pending:Wait", world.groups.state(instance));
        assertInstanceOf(Decision.Abandon.class, world.look(instance));
        assertEquals(1, world.failures.abandonments().size());
    }

    @Test
    void twoWorkersOpenTheBreakerOnceAndPageOnce() {
        publishSecond();
        failOne();
        failOne();
        InstanceId third = running();
        InstanceId fourth = running();
        world.fail(third);
        world.fail(fourth);
        world.calls.meanwhile("fleets.change", () -> {}); // the reading; then the opening itself
        world.calls.meanwhile("fleets.change", () -> world.look(fourth));
        world.look(third);
        assertEquals(Optional.of(World.FIRST), release().current());
        assertEquals(1, world.journal.lines("breaker_opened").size());
        assertEquals("Terminating", world.groups.state(third));
        assertEquals("Terminating", world.groups.state(fourth));
    }

    @Test
    void twoWorkersSuspendOnceAndPageOnce() {
        limits(100, 1);
        failOne();
        InstanceId second = running();
        InstanceId third = running();
        world.fail(second);
        world.fail(third);
        world.calls.meanwhile("groups.isLaunchSuspended", () -> world.look(third));
        world.look(second);
        assertEquals(1, world.journal.lines("launches_suspended").size());
        assertEquals(1, world.calls.count("groups.suspendLaunch"));
        assertEquals(Suspension.SUSPENDED, release().suspension());
    }
}
