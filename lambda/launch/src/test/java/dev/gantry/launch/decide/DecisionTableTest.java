package dev.gantry.launch.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision.Abandon;
import dev.gantry.launch.decide.Decision.Extend;
import dev.gantry.launch.decide.Decision.Hold;
import dev.gantry.launch.decide.Decision.Ignore;
import dev.gantry.launch.decide.Decision.Proceed;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Run;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.release.BreakerState;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Hint;
import dev.gantry.launch.stay.Intervention;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.twin.Policies;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One example for each row of the table, from the top. */
final class DecisionTableTest {
    private static final Instant T = World.START;
    private static final Agent ONLINE = new Agent(true, Optional.of(T));
    private static final RunId RUN = new RunId("run-00000001");
    private static final Stay FRESH = Stay.first(Gate.SERVICE, Optional.of(new Hint("token", T)), T);

    private Policy policy = Policy.DEFAULT;
    private Release release = Release.NONE.withCurrent(World.FIRST);
    private Agent agent = ONLINE;
    private Optional<Reply> reply = Optional.empty();
    private Optional<Trouble> trouble = Optional.empty();
    private Instant now = T;

    @Test
    void anInstanceThatIsNotHeldYetIsWaitedFor() {
        assertWaits(Reason.HOOK, decide(Lifecycle.ARRIVING, FRESH));
    }

    @Test
    void anUnknownStateIsLookedAtAgain() {
        assertWaits(Reason.STATE, decide(Lifecycle.UNKNOWN, FRESH));
    }

    @Test
    void anInstanceBeyondTheGateIsIgnored() {
        assertInstanceOf(Ignore.class, decide(Lifecycle.LEAVING, FRESH));
        Stay over = FRESH.withClosing(closing(Closing.Kind.PROVISIONED).done(T));
        assertInstanceOf(Ignore.class, decide(Lifecycle.IN_SERVICE, over));
        assertInstanceOf(Ignore.class, decide(Lifecycle.AWAY, over));
    }

    @Test
    void anInstanceThatIsDescribedBeyondItsGateWhileItsStayIsOpenIsLookedAtAgain() {
        assertWaits(Reason.STATE, decide(Lifecycle.IN_SERVICE, FRESH));
        assertWaits(Reason.STATE, decide(Lifecycle.AWAY, FRESH));
    }

    @Test
    void aClosedStayIsIgnored() {
        assertInstanceOf(
                Ignore.class,
                decide(FRESH.withClosing(closing(Closing.Kind.PROVISIONED).done(T))));
    }

    @Test
    void aRecordedEndIsCompletedAgain() {
        assertInstanceOf(Proceed.class, decide(FRESH.withClosing(closing(Closing.Kind.PROVISIONED))));
        assertInstanceOf(Abandon.class, decide(FRESH.withClosing(closing(Closing.Kind.ABANDONED))));
    }

    @Test
    void anAbandonmentIsCompletedAgainForTheSameCauseWithTheSameFailure() {
        for (Cause cause : Cause.values()) {
            Closing recorded = Closing.abandoning(cause, "decided before", Optional.of(World.BROKEN_PLAY), T);
            Abandon again = assertInstanceOf(Abandon.class, decide(FRESH.withClosing(recorded)));
            assertEquals(new Abandon(cause, Optional.of(World.BROKEN_PLAY), "decided before"), again);
        }
    }

    @Test
    void anEndElsewhereIsNeverCompleted() {
        assertInstanceOf(Ignore.class, decide(FRESH.withClosing(closing(Closing.Kind.ELSEWHERE))));
    }

    @Test
    void anObservedFleetProceedsAndSaysWhatItWouldHaveDone() {
        policy = Policies.observing();
        Proceed proceed = assertInstanceOf(Proceed.class, decide(FRESH));
        assertEquals(Closing.Kind.OBSERVED, proceed.kind());
        assertTrue(proceed.why().contains("run bundle " + World.FIRST.brief()), proceed.why());
    }

    @Test
    void aSuccessfulRunProceeds() {
        Proceed proceed = assertInstanceOf(Proceed.class, decide(ended(new Verdict.Succeeded())));
        assertEquals(Closing.Kind.PROVISIONED, proceed.kind());
    }

    @Test
    void withoutSettingsAnInstanceIsKeptAndThenLeftToItsHook() {
        policy = Policy.WITHOUT_SETTINGS;
        trouble = Optional.of(new Trouble(Trouble.Kind.MISCONFIGURED, "settings.json: no JSON", T));
        assertEquals(
                "settings.json: no JSON",
                assertWaits(Reason.MISCONFIGURED, decide(FRESH)).why());
        now = T.plusSeconds(120);
        assertInstanceOf(Extend.class, decide(FRESH));
        now = T.plus(Duration.ofHours(6));
        Wait wait = assertWaits(Reason.MISCONFIGURED, decide(FRESH));
        assertTrue(wait.why().contains("default_result") && wait.why().contains("no JSON"), wait.why());
    }

    @Test
    void halfAHeartbeatIsRenewed() {
        now = T.plus(policy.renewal());
        assertInstanceOf(Extend.class, decide(FRESH));
    }

    @Test
    void aQuarantineAfterTheRunBeganAbandonsUncounted() {
        release = new Release(
                Optional.of(World.SECOND), Optional.empty(), Map.of(World.FIRST, "failures"), BreakerState.CLOSED);
        Abandon abandon = assertInstanceOf(Abandon.class, decide(ended(new Verdict.Succeeded())));
        assertEquals(Cause.BUNDLE_QUARANTINED, abandon.cause());
        Abandon failed = assertInstanceOf(Abandon.class, decide(ended(new Verdict.RunFailed(World.BROKEN_PLAY))));
        assertEquals(Cause.BUNDLE_QUARANTINED, failed.cause());
        assertEquals(Optional.of(World.BROKEN_PLAY), failed.failure());
    }

    /** Its claim was never sent and never will be, so no run can still succeed. */
    @Test
    void aClaimOfAQuarantinedBundleKeepsNoInstanceAlive() {
        release = new Release(
                Optional.of(World.FIRST), Optional.empty(), Map.of(World.FIRST, "failures"), BreakerState.CLOSED);
        Instant end = T.plus(policy.launchDeadline());
        Attempt claim = Attempt.claimed(1, RUN, "owner", World.FIRST, end);
        for (int look = 1; look <= 3; look++) {
            claim = claim.notFound(end.plusSeconds(60L * look));
        }
        now = end.plus(policy.renewal());
        Abandon abandon =
                assertInstanceOf(Abandon.class, decide(FRESH.withHeartbeat(end).with(claim)));
        assertEquals(Cause.LAUNCH_DEADLINE, abandon.cause());
    }

    @Test
    void aClaimThatWasNeverSentIsReplacedByARunOfTheGoodBundleOnceItsOwnIsQuarantined() {
        release = new Release(
                Optional.of(World.SECOND), Optional.empty(), Map.of(World.FIRST, "failures"), BreakerState.CLOSED);
        Stay lost = FRESH.with(attempt().notFound(T).notFound(T).notFound(T.plusSeconds(60)));
        Run run = assertInstanceOf(Run.class, decide(lost));
        assertEquals(World.SECOND, run.bundle());
        assertEquals(Optional.empty(), run.resend());
        assertEquals(2, run.attempt());
    }

    @Test
    void theLastFailureAbandonsWithItsReason() {
        policy = Policies.attempts(1);
        Abandon abandon = assertInstanceOf(Abandon.class, decide(ended(new Verdict.RunFailed(World.BROKEN_PLAY))));
        assertEquals(Cause.RUN_FAILED, abandon.cause());
        assertEquals(Optional.of(World.BROKEN_PLAY), abandon.failure());
        assertTrue(abandon.why().contains("start nginx"), abandon.why());
    }

    @Test
    void aFailedInstanceIsHeldIfThePolicySaysSo() {
        policy = Policies.holding(Duration.ofMinutes(10));
        Hold hold = assertInstanceOf(Hold.class, decide(ended(new Verdict.RunFailed(World.BROKEN_PLAY))));
        assertEquals(T.plusSeconds(600), hold.until());
    }

    @Test
    void theLaunchDeadlineAbandons() {
        now = T.plus(policy.launchDeadline());
        agent = Agent.ABSENT;
        Abandon abandon = assertInstanceOf(Abandon.class, decide(FRESH.withHeartbeat(now)));
        assertEquals(Cause.LAUNCH_DEADLINE, abandon.cause());
        assertEquals(Optional.empty(), abandon.failure());
    }

    @Test
    void anInstanceThatWasKeptBeyondItsDeadlineWithoutSettingsGetsOneRun() {
        now = T.plus(policy.launchDeadline()).plusSeconds(600);
        Stay kept = FRESH.withHeartbeat(now.minusSeconds(60));
        assertInstanceOf(Run.class, decide(kept));
        Attempt run = Attempt.claimed(1, RUN, "owner", World.FIRST, now).sent("command");
        assertWaits(Reason.RUN, decide(kept.with(run)));
        assertInstanceOf(Abandon.class, decide(kept.with(run.ended(now, new Verdict.Undelivered("Terminated")))));
        agent = Agent.ABSENT;
        assertWaits(Reason.AGENT, decide(kept));
        assertInstanceOf(Abandon.class, decide(FRESH.withHeartbeat(now.minus(policy.renewal()))));
    }

    @Test
    void aFailureThatIsLearnedAfterTheDeadlineIsHeldAndKeptAlive() {
        policy = Policies.holding(Duration.ofMinutes(30));
        now = T.plus(policy.launchDeadline()).plus(policy.hold());
        Stay failed = FRESH.with(attempt().sent("command").ended(now, new Verdict.RunFailed(World.BROKEN_PLAY)));
        assertInstanceOf(Extend.class, decide(failed));
        assertInstanceOf(Hold.class, decide(failed.withHeartbeat(now)));
    }

    @Test
    void aRunThatBeganAfterTheDeadlineKeepsItsHeartbeat() {
        now = T.plus(policy.launchDeadline()).plusSeconds(600);
        Attempt run = Attempt.claimed(1, RUN, "owner", World.FIRST, now).sent("command");
        Stay kept = FRESH.withHeartbeat(now.minusSeconds(60)).with(run);
        now = now.plus(policy.renewal());
        assertInstanceOf(Extend.class, decide(kept));
    }

    @Test
    void theLaunchDeadlineReportsTheLastFailureAlthoughItsRetryIsStillUnderWay() {
        now = T.plus(policy.launchDeadline());
        Attempt retry = Attempt.claimed(2, new RunId("run-00000002"), "owner", World.FIRST, T)
                .sent("second");
        Stay stay = ended(new Verdict.RunFailed(World.BROKEN_PLAY)).with(retry).withHeartbeat(now);
        Abandon abandon = assertInstanceOf(Abandon.class, decide(stay));
        assertEquals(Cause.LAUNCH_DEADLINE, abandon.cause());
        assertEquals(Optional.of(World.BROKEN_PLAY), abandon.failure());
    }

    @Test
    void aRunUnderWayIsWaitedForWhateverTroubleTheFleetHas() {
        trouble = Optional.of(new Trouble(Trouble.Kind.MISCONFIGURED, "no such document", T));
        assertWaits(Reason.RUN, decide(FRESH.with(attempt().sent("command"))));
    }

    @Test
    void aClaimIsLeftToItsOwnerAndThenLookedUp() {
        Stay claimed = FRESH.with(attempt());
        assertTrue(assertWaits(Reason.CLAIM, decide(claimed)).why().contains("another worker"));
        now = T.plus(World.TAKEOVER);
        assertTrue(assertWaits(Reason.CLAIM, decide(claimed)).why().contains("looking for a command"));
    }

    @Test
    void aSendThatWasProvenLostIsRepeatedWithItsRunId() {
        Attempt lost = attempt().notFound(T).notFound(T).notFound(T.plusSeconds(60));
        Run run = assertInstanceOf(Run.class, decide(FRESH.with(lost)));
        assertEquals(Optional.of(RUN), run.resend());
        assertEquals(1, run.attempt());
    }

    @Test
    void troubleIsWaitedFor() {
        trouble = Optional.of(new Trouble(Trouble.Kind.RETRYABLE, "Rate exceeded", T));
        assertWaits(Reason.RETRYABLE, decide(FRESH));
        trouble = Optional.of(new Trouble(Trouble.Kind.MISCONFIGURED, "no such document", T));
        assertWaits(Reason.MISCONFIGURED, decide(FRESH));
    }

    @Test
    void aFleetWithoutABundleIsMisconfigured() {
        release = Release.NONE;
        assertWaits(Reason.MISCONFIGURED, decide(FRESH));
    }

    @Test
    void anAbsentAgentIsLookedForByTheMessageUntilItsDeadlineAndThenByTheSweep() {
        agent = Agent.ABSENT;
        now = T.plus(policy.agentDeadline()).minusSeconds(1);
        assertEquals(
                Optional.of(DecisionTable.AGENT_LOOK),
                assertWaits(Reason.AGENT, decide(FRESH)).lookAgain());
        now = T.plus(policy.agentDeadline());
        assertEquals(Optional.empty(), assertWaits(Reason.AGENT, decide(FRESH)).lookAgain());
    }

    @Test
    void aRunThatWasRefusedIsAMisconfigurationUntilTheNextOneIsTried() {
        Stay refused = ended(new Verdict.Refused("AccessDenied"));
        assertTrue(assertWaits(Reason.MISCONFIGURED, decide(refused)).why().contains("AccessDenied"));
        now = T.plus(policy.backoff());
        assertInstanceOf(Run.class, decide(refused));
    }

    @Test
    void theRunOfAHeldInstanceIsFollowedToItsEnd() {
        Intervention kept = Intervention.NONE.with(new Intervention.Hold(T.plusSeconds(600), "ann", T));
        Stay held = FRESH.with(kept);
        assertInstanceOf(Hold.class, decide(held));
        assertInstanceOf(Hold.class, decide(held.with(attempt())), "a claim that may never have been sent is no run");
        assertWaits(Reason.RUN, decide(held.with(attempt().sent("command"))));
    }

    @Test
    void theBackoffIsWaitedFor() {
        now = T.plusSeconds(10);
        Wait wait = assertWaits(Reason.BACKOFF, decide(ended(new Verdict.RunFailed(World.BROKEN_PLAY))));
        assertEquals(Optional.of(Duration.ofSeconds(20)), wait.lookAgain());
    }

    @Test
    void otherwiseTheBundleIsRun() {
        assertEquals(1, assertInstanceOf(Run.class, decide(FRESH)).attempt());
        now = T.plus(policy.backoff());
        Run second = assertInstanceOf(Run.class, decide(ended(new Verdict.RunFailed(World.BROKEN_PLAY))));
        assertEquals(2, second.attempt());
        assertEquals(World.FIRST, second.bundle());
        assertEquals(Optional.empty(), second.resend());
    }

    private Decision decide(Stay stay) {
        return decide(Lifecycle.AT_SERVICE_GATE, stay);
    }

    private Decision decide(Lifecycle lifecycle, Stay stay) {
        return DecisionTable.decide(new Observation(
                now,
                new Observation.Terms(World.fleet(World.WEB, policy, World.HOOK), release, World.TAKEOVER),
                lifecycle,
                Optional.of(stay),
                agent,
                reply,
                trouble));
    }

    private static Wait assertWaits(Reason reason, Decision decision) {
        Wait wait = assertInstanceOf(Wait.class, decision);
        assertEquals(reason, wait.reason());
        return wait;
    }

    private static Attempt attempt() {
        return Attempt.claimed(1, RUN, "owner", World.FIRST, T);
    }

    private static Stay ended(Verdict verdict) {
        return FRESH.with(attempt().sent("command").ended(T, verdict));
    }

    private static Closing closing(Closing.Kind kind) {
        return new Closing(kind, Optional.empty(), "decided before", Optional.empty(), T, Optional.empty());
    }
}
