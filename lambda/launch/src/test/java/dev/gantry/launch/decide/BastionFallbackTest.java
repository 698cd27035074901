package dev.gantry.launch.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision.Abandon;
import dev.gantry.launch.decide.Decision.Ask;
import dev.gantry.launch.decide.Decision.FallBack;
import dev.gantry.launch.decide.Decision.Proceed;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Run;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.fleet.Fallback;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.release.BreakerState;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Evidence;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Hint;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Reply.Said;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rule for FallBack: examples that fall back, examples that do not, and what is asked about a run. */
final class BastionFallbackTest {
    private static final Instant T = World.START;
    private static final Duration AFTER = Duration.ofMinutes(12);
    private static final Instant DUE = T.plus(AFTER);
    private static final InstanceId INSTANCE = new InstanceId("i-00000000000000001");
    private static final RunId RUN = new RunId("run-00000001");
    private static final Agent ONLINE = new Agent(true, Optional.of(T));
    private static final Stay FRESH = Stay.first(Gate.SERVICE, Optional.of(new Hint("token", T)), T);
    private static final Trouble THROTTLED = new Trouble(Trouble.Kind.RETRYABLE, "Rate exceeded", T);
    private static final Trouble DENIED = new Trouble(Trouble.Kind.MISCONFIGURED, "AccessDenied", T);

    private Policy policy = Policy.DEFAULT.with(Fallback.whenUnreachable(AFTER));
    private Release release = Release.NONE.withCurrent(World.FIRST);
    private Agent agent = Agent.ABSENT;
    private Optional<Reply> reply = Optional.empty();
    private Optional<Trouble> trouble = Optional.empty();
    private Instant now = DUE;

    @Test
    void withoutAnAgentTheRunFallsBackOnceTheDeadlineHasPassed() {
        FallBack fallBack = fallsBack(FRESH);
        assertEquals(new FallBack(1, World.FIRST, Optional.empty(), fallBack.why()), fallBack);
        assertTrue(fallBack.why().contains("720 s") && fallBack.why().contains("agent"), fallBack.why());
        now = DUE.minusSeconds(1);
        assertEquals(Reason.AGENT, waits(FRESH).reason());
    }

    @Test
    void untilThenTheLaunchMessageLooksForTheAgent() {
        now = DUE.minusSeconds(1);
        assertEquals(Optional.of(DecisionTable.AGENT_LOOK), waits(FRESH).lookAgain());
    }

    @Test
    void withoutAFallbackTheAgentIsWaitedFor() {
        policy = Policy.DEFAULT;
        assertEquals(Reason.AGENT, waits(FRESH).reason());
    }

    @Test
    void anAgentThatIsOnlineGetsTheRunHoweverLateItCame() {
        agent = ONLINE;
        assertInstanceOf(Run.class, decide(FRESH));
    }

    @Test
    void theRunFallsBackOnceSystemsManagersSilenceIsProven() {
        trouble = Optional.of(THROTTLED);
        Stay twice = FRESH.unanswered(DUE.minusSeconds(60)).unanswered(DUE.minusSeconds(30));
        assertEquals(Reason.RETRYABLE, waits(twice).reason());
        assertTrue(fallsBack(twice.unanswered(DUE)).why().contains("has not answered since 2026-01-01T12:11:00Z"));
        assertEquals(Reason.RETRYABLE, waits(twice.unanswered(DUE).answered()).reason());
    }

    @Test
    void aCommandOfUnknownStatusKeepsItsRunIdOverTheBastion() {
        Stay sent = silent(FRESH.with(claim().sent("command")));
        assertEquals(Optional.of(RUN), fallsBack(sent).reuse());
        assertEquals(1, fallsBack(sent).attempt());
    }

    @Test
    void aClaimOfAWorkerThatMayBeRunningIsLeftToIt() {
        Stay claimed = silent(FRESH.with(Attempt.claimed(1, RUN, "owner", World.FIRST, DUE.minusSeconds(1))));
        assertEquals(Reason.CLAIM, waits(claimed).reason());
        now = DUE.plus(World.TAKEOVER);
        assertEquals(Optional.of(RUN), fallsBack(claimed).reuse());
    }

    @Test
    void aSendThatWasProvenLostGoesOverTheBastionIfTheAgentIsAway() {
        Stay lost = FRESH.with(claim().notFound(T).notFound(T).notFound(T.plusSeconds(60)));
        assertEquals(Optional.of(RUN), fallsBack(lost).reuse());
        agent = ONLINE;
        assertEquals(Optional.of(RUN), assertInstanceOf(Run.class, decide(lost)).resend());
    }

    @Test
    void aRunThatWasNeverDeliveredIsFollowedByANewOneOverTheBastion() {
        agent = ONLINE;
        Stay undelivered = FRESH.with(claim().sent("command").ended(T, new Verdict.Undelivered("DeliveryTimedOut")));
        FallBack fallBack = fallsBack(undelivered);
        assertEquals(2, fallBack.attempt());
        assertEquals(Optional.empty(), fallBack.reuse());
        assertTrue(fallBack.why().contains("DeliveryTimedOut"), fallBack.why());
    }

    @Test
    void aRunThatWasEndedFromOutsideIsTriedOverTheSameChannel() {
        agent = ONLINE;
        Stay ended =
                FRESH.with(claim().sent("command").ended(T, Verdict.Undelivered.bySurroundings("signal: terminated")));
        assertEquals(2, assertInstanceOf(Run.class, decide(ended)).attempt());
    }

    @Test
    void nothingIsBegunOverTheBastionOnAnInstanceThatEc2TakesBack() {
        Stay takenBack = FRESH.learn(List.of(new Evidence.Interrupted(now)));
        assertEquals(Reason.INTERRUPTION, waits(takenBack).reason());
    }

    @Test
    void aRunThatNeverEndedOverTheBastionIsTriedOverSystemsManagerIfTheAgentIsThere() {
        Stay interrupted = FRESH.with(crossing().ended(T, new Verdict.Undelivered("a reboot ended it")));
        assertEquals(2, fallsBack(interrupted).attempt());
        agent = ONLINE;
        assertEquals(2, assertInstanceOf(Run.class, decide(interrupted)).attempt());
    }

    @Test
    void aMisconfigurationNeverLeadsToTheBastion() {
        trouble = Optional.of(DENIED);
        assertEquals(Reason.MISCONFIGURED, waits(FRESH).reason());
        assertEquals(Reason.MISCONFIGURED, waits(silent(FRESH)).reason());
    }

    @Test
    void aRunThatSystemsManagerRefusedDoesNotFallBack() {
        Stay refused = FRESH.with(claim().sent("command").ended(T, new Verdict.Refused("AccessDenied")));
        assertEquals(Reason.AGENT, waits(refused).reason());
    }

    @Test
    void aRunThatTheInstanceRefusedIsTriedAgainAfterItsBackoff() {
        Stay refused = FRESH.with(crossing().ended(DUE, new Verdict.Refused("dependencies: no Ansible")));
        assertTrue(waits(refused).why().contains("no Ansible") || waits(refused).reason() == Reason.AGENT);
        now = DUE.plus(policy.backoff());
        assertEquals(2, fallsBack(refused).attempt());
    }

    @Test
    void theBackoffHoldsOnBothChannels() {
        Stay failed = FRESH.with(crossing().ended(DUE, new Verdict.RunFailed(World.BROKEN_PLAY)));
        assertEquals(Reason.AGENT, waits(failed).reason());
        now = DUE.plus(policy.backoff());
        assertEquals(2, fallsBack(failed).attempt());
    }

    @Test
    void failuresOfBothChannelsAreCountedTogether() {
        Attempt second = Attempt.claimed(2, new RunId("run-00000002"), "owner", World.FIRST, T)
                .overTheBastion("owner", "SSM is away", T);
        Stay failedTwice = FRESH.with(claim().sent("command").ended(T, new Verdict.RunFailed(World.BROKEN_PLAY)))
                .with(second.ended(T, new Verdict.RunFailed(World.BROKEN_PLAY)));
        assertEquals(
                Cause.RUN_FAILED,
                assertInstanceOf(Abandon.class, decide(failedTwice)).cause());
    }

    @Test
    void aQuarantinedBundleDoesNotGoOverTheBastion() {
        release = new Release(
                Optional.of(World.SECOND), Optional.empty(), Map.of(World.FIRST, "failures"), BreakerState.CLOSED);
        now = DUE.plus(World.TAKEOVER);
        assertEquals(Reason.CLAIM, waits(silent(FRESH.with(claim()))).reason());
        assertEquals(World.SECOND, fallsBack(FRESH).bundle());
        Abandon abandon = assertInstanceOf(Abandon.class, decide(FRESH.with(crossing())));
        assertEquals(Cause.BUNDLE_QUARANTINED, abandon.cause());
    }

    @Test
    void anAgentThatComesBackFindsTheStayClaimed() {
        agent = ONLINE;
        now = T.plusSeconds(5);
        assertEquals(Reason.RUN, waits(FRESH.with(crossing())).reason());
    }

    @Test
    void aQuestionIsWaitedForAMinuteAndThenAskedAgain() {
        now = T.plusSeconds(59);
        assertEquals(Reason.RUN, waits(FRESH.with(crossing())).reason());
        now = T.plusSeconds(60);
        assertEquals(Question.START, asks(FRESH.with(crossing())).question());
    }

    @Test
    void afterAnAnswerTheNextQuestionComesAQuarterOfAMinuteAfterTheLast() {
        says(new Said.UnderWay());
        now = T.plusSeconds(14);
        assertEquals(Reason.RUN, waits(FRESH.with(crossing())).reason());
        now = T.plusSeconds(15);
        assertEquals(Question.STATUS, asks(FRESH.with(crossing())).question());
    }

    @Test
    void theAnswerIsLookedForEachTenSecondsAndWhenTheNextQuestionIsDueButNeverAtOnce() {
        now = T.plusSeconds(5);
        assertEquals(
                Optional.of(Duration.ofSeconds(10)),
                waits(FRESH.with(crossing())).lookAgain());
        says(new Said.UnderWay());
        now = T.plusSeconds(9);
        assertEquals(
                Optional.of(Duration.ofSeconds(6)),
                waits(FRESH.with(crossing())).lookAgain());
        now = T.plusSeconds(14);
        assertEquals(
                Optional.of(Duration.ofSeconds(2)),
                waits(FRESH.with(crossing())).lookAgain());
    }

    @Test
    void anInstanceThatWasNotReachedIsAskedAgainAQuarterOfAMinuteLater() {
        says(new Said.Failed(Trouble.Kind.RETRYABLE, "the bastion is away"));
        now = T.plusSeconds(14);
        assertEquals(Reason.RETRYABLE, waits(FRESH.with(crossing())).reason());
        now = T.plusSeconds(15);
        assertEquals(Question.START, asks(FRESH.with(crossing())).question());
    }

    @Test
    void anAnswerToAnEarlierQuestionDoesNotEndTheWait() {
        says(new Said.Unknown());
        now = T.plusSeconds(30);
        Stay askedAgain = FRESH.with(crossing().asked(T.plusSeconds(10)));
        assertEquals(Reason.RUN, waits(askedAgain).reason());
    }

    @Test
    void aRunThatTheInstanceDoesNotKnowIsBegunAgainUnderTheSameId() {
        now = T.plusSeconds(15);
        says(new Said.Unknown());
        assertEquals(new Ask(Question.START, RUN, "question 2 about run 1"), asks(FRESH.with(crossing())));
    }

    @Test
    void aHeldLockIsWaitedForAndIsNoFailure() {
        now = T.plusSeconds(5);
        says(new Said.Busy("run-00000009 as process 12"));
        Wait wait = waits(FRESH.with(crossing()));
        assertEquals(Reason.RUN, wait.reason());
        assertTrue(wait.why().contains("run-00000009"), wait.why());
        now = T.plusSeconds(15);
        assertEquals(Question.START, asks(FRESH.with(crossing())).question());
    }

    @Test
    void anInstanceThatIsNotReachedIsRetryableAndAChangedHostKeyIsMisconfigured() {
        now = T.plusSeconds(5);
        says(new Said.Failed(Trouble.Kind.RETRYABLE, "the bastion is away"));
        assertEquals(Reason.RETRYABLE, waits(FRESH.with(crossing())).reason());
        says(new Said.Failed(Trouble.Kind.MISCONFIGURED, "the host key has changed"));
        Wait wait = waits(FRESH.with(crossing()));
        assertEquals(Reason.MISCONFIGURED, wait.reason());
        assertTrue(wait.why().contains("host key"), wait.why());
        now = T.plusSeconds(29);
        assertEquals(Reason.MISCONFIGURED, waits(FRESH.with(crossing())).reason());
        now = T.plusSeconds(30);
        assertEquals(Question.START, asks(FRESH.with(crossing())).question());
    }

    @Test
    void theLaunchDeadlineEndsARunOverTheBastionAndSaysWhatItWaitedFor() {
        now = T.plus(policy.launchDeadline());
        Stay late = FRESH.with(crossing())
                .withHeartbeat(now)
                .withTrouble(new Trouble(Trouble.Kind.RETRYABLE, "the bastion is away", T));
        Abandon abandon = assertInstanceOf(Abandon.class, decide(late));
        assertTrue(abandon.why().contains("the bastion is away"), abandon.why());
    }

    @Test
    void aSuccessOverTheBastionProceeds() {
        assertInstanceOf(Proceed.class, decide(FRESH.with(crossing().ended(T, new Verdict.Succeeded()))));
    }

    @Test
    void withoutSettingsARunIsAskedAboutAndNoneIsBegun() {
        policy = Policy.WITHOUT_SETTINGS;
        trouble = Optional.of(DENIED);
        now = T.plusSeconds(60);
        assertEquals(Question.STATUS, asks(FRESH.with(crossing())).question());
    }

    private static Attempt claim() {
        return Attempt.claimed(1, RUN, "owner", World.FIRST, T);
    }

    private static Attempt crossing() {
        return claim().overTheBastion("owner", "SSM is away", T);
    }

    private static Stay silent(Stay stay) {
        return stay.unanswered(DUE.minusSeconds(60))
                .unanswered(DUE.minusSeconds(30))
                .unanswered(DUE);
    }

    private void says(Said said) {
        reply = Optional.of(new Reply(RUN, INSTANCE, T, said));
    }

    private FallBack fallsBack(Stay stay) {
        return assertInstanceOf(FallBack.class, decide(stay));
    }

    private Ask asks(Stay stay) {
        return assertInstanceOf(Ask.class, decide(stay));
    }

    private Wait waits(Stay stay) {
        return assertInstanceOf(Wait.class, decide(stay));
    }

    private Decision decide(Stay stay) {
        return DecisionTable.decide(new Observation(
                now,
                new Observation.Terms(World.fleet(World.WEB, policy, World.HOOK), release, World.TAKEOVER),
                Lifecycle.AT_SERVICE_GATE,
                Optional.of(stay),
                agent,
                reply,
                trouble));
    }
}
