package dev.gantry.launch.stay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.id.RunId;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The stay of an instance that is seen waiting at a gate. */
final class StayTest {
    private static final Instant T = World.START;
    private static final Hint FIRST = new Hint("first", T.minusSeconds(3));

    @Test
    void theFirstLookOpensStayOneAndKnowsTheEventsTokenAndTime() {
        Stay stay = Stay.first(Gate.SERVICE, Optional.of(FIRST), T);
        assertEquals(1, stay.number());
        assertEquals(Optional.of("first"), stay.token());
        assertEquals(T, stay.openedAt());
        assertEquals(Optional.of(FIRST.since()), stay.heartbeatAt());
        assertEquals(Optional.empty(), stay.earlierClosed());
        assertTrue(stay.isOpen());
    }

    @Test
    void aStayThatTheSweepOpenedKnowsNeitherTokenNorHeartbeat() {
        Stay stay = swept();
        assertEquals(Optional.empty(), stay.token());
        assertEquals(Optional.empty(), stay.heartbeatAt());
    }

    @Test
    void aStayThatTheSweepOpenedAdoptsTheTokenOfTheEventThatFollows() {
        Stay stay = seen(swept(), Optional.of(FIRST), T.plusSeconds(9));
        assertEquals(1, stay.number());
        assertEquals(Optional.of("first"), stay.token());
        assertEquals(T, stay.openedAt());
    }

    @Test
    void anInterruptionIsBelievedOnlyIfItWasAnnouncedAfterTheEarlierStay() {
        Stay second = CurrentStay.opened(2, Gate.SERVICE, Optional.empty(), Optional.of(T.minusSeconds(60)), T);
        Stay warned = second.learn(List.of(new Evidence.Interrupted(T.minusSeconds(5))));
        assertTrue(warned.isInterrupted(T));
        assertFalse(warned.isInterrupted(T.plusSeconds(5 * 60)));
        assertSame(second, second.learn(List.of(new Evidence.Interrupted(T.minusSeconds(61)))));
        assertSame(warned, warned.learn(List.of(new Evidence.Interrupted(T))));
    }

    @Test
    void anInstanceThatAnotherHookHoldsAtTheWarmGateStaysInItsClosedStay() {
        Stay warm = closed(Stay.first(Gate.WARM, Optional.of(FIRST), T), T.plusSeconds(60));
        Instant later = T.plusSeconds(3600);
        assertEquals(Optional.of(warm), Stay.current(Optional.of(warm), Gate.WARM, later, Optional.empty(), later));
    }

    @Test
    void aDoubledEventChangesNothing() {
        Stay stay = opened();
        assertSame(stay, seen(stay, Optional.of(FIRST), T.plusSeconds(900)));
    }

    @Test
    void anEventFromTheFutureSaysNothingAboutTheHeartbeat() {
        Hint future = new Hint("first", T.plusSeconds(1));
        assertEquals(
                Optional.empty(),
                Stay.first(Gate.SERVICE, Optional.of(future), T).heartbeatAt());
    }

    @Test
    void theOtherGateIsAnotherStayWithNothingOfTheFirst() {
        Stay warm = closed(Stay.first(Gate.WARM, Optional.of(FIRST), T), T.plusSeconds(60))
                .withTrouble(new Trouble(Trouble.Kind.RETRYABLE, "slow", T));
        Instant later = T.plusSeconds(90);
        Stay service = seen(warm, Optional.empty(), later);
        assertEquals(2, service.number());
        assertEquals(Gate.SERVICE, service.gate());
        assertEquals(later, service.openedAt());
        assertEquals(Optional.of(T.plusSeconds(60)), service.earlierClosed());
        assertEquals(List.of(), service.attempts());
        assertEquals(Optional.empty(), service.trouble());
    }

    @Test
    void theOtherGateWithoutAKnownEndOfTheFirstCountsAgentsFromNow() {
        Stay warm = Stay.first(Gate.WARM, Optional.of(FIRST), T);
        assertEquals(
                Optional.of(T.plusSeconds(90)),
                seen(warm, Optional.empty(), T.plusSeconds(90)).earlierClosed());
    }

    @Test
    void anotherTokenOfALaterEventIsAnotherStay() {
        Hint second = new Hint("second", T.plusSeconds(600));
        Stay stay = seen(opened(), Optional.of(second), T.plusSeconds(603));
        assertEquals(2, stay.number());
        assertEquals(Optional.of("second"), stay.token());
        assertEquals(Optional.of(second.since()), stay.earlierClosed(), "the first wait was over when this one began");
    }

    @Test
    void anotherTokenOfAnEarlierEventIsALateDuplicate() {
        Hint old = new Hint("zeroth", T.minusSeconds(400));
        Stay stay = opened();
        assertSame(stay, seen(stay, Optional.of(old), T.plusSeconds(5)));
    }

    @Test
    void aLateEventOfTheFirstGateDoesNotNameTheSecondStay() {
        Stay warm = closed(Stay.first(Gate.WARM, Optional.empty(), T), T.plusSeconds(60));
        Stay service = seen(warm, Optional.of(FIRST), T.plusSeconds(90));
        assertEquals(Optional.empty(), service.token());
        assertEquals(Optional.empty(), service.heartbeatAt());
        Stay named = seen(service, Optional.of(new Hint("second", T.plusSeconds(88))), T.plusSeconds(95));
        assertEquals(2, named.number());
        assertEquals(Optional.of("second"), named.token());
    }

    @Test
    void aClosedStayStaysClosedForTwoMinutesBecauseDescriptionsLag() {
        Stay stay = closed(opened(), T.plusSeconds(60));
        assertSame(stay, seen(stay, Optional.empty(), T.plusSeconds(60).plus(CurrentStay.REOPEN_GRACE)));
        assertSame(stay, seen(stay, Optional.of(FIRST), T.plusSeconds(70)));
    }

    @Test
    void anInstanceThatWaitsTwoMinutesAfterItsStayWasClosedIsInANewOne() {
        Stay stay = closed(opened(), T.plusSeconds(60));
        Stay next = seen(stay, Optional.empty(), T.plusSeconds(61).plus(Duration.ofMinutes(5)));
        assertEquals(2, next.number());
        assertEquals(Optional.of(T.plusSeconds(60)), next.earlierClosed());
    }

    @Test
    void aLaterEventWithAnotherTokenEndsTheReopenGraceAtOnce() {
        Stay stay = closed(opened(), T.plusSeconds(60));
        Stay next = seen(stay, Optional.of(new Hint("second", T.plusSeconds(65))), T.plusSeconds(66));
        assertEquals(2, next.number());
        assertEquals(Optional.of("second"), next.token());
    }

    @Test
    void anIntendedEndIsNoEndYet() {
        Stay stay = opened().withClosing(intention());
        assertFalse(stay.isOpen());
        assertSame(stay, seen(stay, Optional.empty(), intention().decidedAt().plus(Closing.INTENT_EXPIRY)));
    }

    @Test
    void anEventOfAWaitThatBeganLaterIsNotTakenForAStayWhoseOwnEventWasLost() {
        Stay lost = Stay.first(Gate.SERVICE, Optional.empty(), T);
        Hint later = new Hint("later", T.plusSeconds(600));
        assertEquals(2, seen(lost, Optional.of(later), T.plusSeconds(602)).number());
    }

    @Test
    void anIntentionWithoutATokenAndWithoutATryForFiveMinutesMayBelongToAnEarlierWait() {
        Instant later = intention().decidedAt().plus(Closing.INTENT_EXPIRY).plusSeconds(1);
        Stay unnamed = Stay.first(Gate.SERVICE, Optional.empty(), T).withClosing(intention());
        Stay next = seen(unnamed, Optional.empty(), later);
        assertEquals(2, next.number());
        assertEquals(Optional.of(later), next.earlierClosed());
    }

    @Test
    void anIntentionWithATokenIsTriedHoweverLate() {
        Stay named = opened().withClosing(intention());
        assertSame(named, seen(named, Optional.empty(), T.plus(Duration.ofHours(3))));
    }

    @Test
    void anIntentionWithATokenThatIsTriedAfterFiveMinutesKeepsItsTimeSoThatItIsGivenUpWithoutItsToken() {
        Stay named = opened().withClosing(intention());
        Instant atOnce = intention().decidedAt().plus(Closing.INTENT_EXPIRY);
        assertEquals(atOnce, decidedAt(named.tryingItsEndAgain(atOnce)));
        Instant later = atOnce.plusSeconds(1);
        Stay refused = named.tryingItsEndAgain(later).withoutToken();
        assertEquals(2, seen(refused, Optional.empty(), later).number());
    }

    @Test
    void anIntentionWithoutATokenIsNotGivenUpWhileItIsTriedAgain() {
        Stay unnamed = Stay.first(Gate.SERVICE, Optional.empty(), T).withClosing(intention());
        Instant later = intention().decidedAt().plus(Closing.INTENT_EXPIRY).plusSeconds(1);
        Stay tried = unnamed.tryingItsEndAgain(later);
        assertEquals(later, decidedAt(tried));
        assertSame(tried, seen(tried, Optional.empty(), later.plusSeconds(1)));
    }

    private static Instant decidedAt(Stay stay) {
        return stay.closing().orElseThrow().decidedAt();
    }

    @Test
    void anIntendedAbandonmentNeverExpiresBecauseAnAbandonedInstanceNeverWaitsAgain() {
        Closing abandonment = Closing.abandoning(Cause.RUN_FAILED, "it failed", Optional.empty(), T);
        Stay failed = opened().withClosing(abandonment);
        assertSame(failed, seen(failed, Optional.empty(), T.plus(Duration.ofHours(3))));
    }

    @Test
    void anEventOfAWaitThatBeganAfterAStayWithoutATokenWasClosedBeginsAnotherAtOnce() {
        Stay lost = Stay.first(Gate.SERVICE, Optional.empty(), T);
        Instant closed = T.plusSeconds(900);
        Stay noted = lost.withClosing(Closing.elsewhere("seen in the warm pool", closed));
        Hint event = new Hint("later", closed.plusSeconds(16));
        assertEquals(2, seen(noted, Optional.of(event), closed.plusSeconds(18)).number());
        assertSame(noted, seen(noted, Optional.empty(), closed.plusSeconds(18)));
    }

    @Test
    void aRunThatWasClaimedBeforeTheEventOfItsWaitCameBelongsToThatWait() {
        Attempt before = Attempt.claimed(1, new RunId("run-00000001"), "me", World.FIRST, T.plusSeconds(60));
        Attempt after = Attempt.claimed(2, new RunId("run-00000002"), "me", World.FIRST, T.plusSeconds(700));
        Stay carried = opened().with(before).with(after);
        Stay next = seen(carried, Optional.of(new Hint("later", T.plusSeconds(600))), T.plusSeconds(720));
        assertEquals(2, next.number());
        assertEquals(List.of(after), next.attempts());
    }

    @Test
    void theTokenOfAnEventOfTheWarmGateDoesNotNameAFirstStayAtTheServiceGate() {
        Hint warm = new Hint("warm", T.minusSeconds(3), Optional.of(Gate.WARM), Optional.empty());
        Stay stay = Stay.current(Optional.empty(), Gate.SERVICE, T, Optional.of(warm), T)
                .orElseThrow();
        assertEquals(Optional.empty(), stay.token());
        assertEquals(Optional.empty(), stay.heartbeatAt());
    }

    @Test
    void aWaitThatBeganLaterByItsEventsClockEndsTheEarlierStayNow() {
        Hint ahead = new Hint("second", T.plusSeconds(605));
        Stay stay = seen(opened(), Optional.of(ahead), T.plusSeconds(603));
        assertEquals(2, stay.number());
        assertEquals(Optional.of(T.plusSeconds(603)), stay.earlierClosed());
    }

    @Test
    void anEarlierEventProvesNoReturnToTheWarmGate() {
        Instant now = T.plusSeconds(5);
        assertEquals(Optional.empty(), Stay.current(Optional.of(opened()), Gate.WARM, now, Optional.of(FIRST), now));
    }

    /** Gantry's own abandonment would have ended it: something else let it pass. */
    @Test
    void anInstanceThatPassedAlthoughItsAbandonmentWasIntendedWasLetGoElsewhere() {
        Stay failed = opened().withClosing(Closing.abandoning(Cause.RUN_FAILED, "it failed", Optional.empty(), T));
        Closing closing =
                failed.passed("was seen InService", T.plusSeconds(90)).closing().orElseThrow();
        assertEquals(Closing.Kind.ELSEWHERE, closing.kind());
        Stay over = failed.withClosing(failed.closing().orElseThrow().done(T));
        assertSame(over, over.passed("was seen InService", T.plusSeconds(90)));
        Stay served = opened().withClosing(intention());
        assertEquals(
                intention().done(T.plusSeconds(90)),
                served.passed("was seen InService", T.plusSeconds(90)).closing().orElseThrow());
    }

    @Test
    void attemptsAreReplacedByTheirNumberAndChangedOnlyWhileUnderWay() {
        RunId run = new RunId("run-00000001");
        Attempt attempt = Attempt.claimed(1, run, "me", World.FIRST, T);
        Stay stay = opened().with(attempt).with(attempt.sent("command"));
        assertEquals(List.of(attempt.sent("command")), stay.attempts());
        Stay ended = stay.changing(run, a -> a.ended(T, new Verdict.Succeeded()));
        assertTrue(ended.attempts().get(0).succeeded());
        assertSame(ended, ended.changing(run, a -> a.ended(T, new Verdict.Undelivered("late"))));
    }

    @Test
    void aCommandByHandIsTheStaysNextRun() {
        Attempt failed = Attempt.claimed(1, new RunId("run-00000001"), "me", World.FIRST, T)
                .sent("command")
                .ended(T, new Verdict.RunFailed(World.BROKEN_PLAY));
        Stay stay = opened().with(failed).learn(List.of(new Evidence.SucceededByHand("0000-hand", World.FIRST, T, T)));
        assertEquals(
                List.of(1, 2), stay.attempts().stream().map(Attempt::number).toList());
        assertEquals(new RunId("run-0000hand"), stay.attempts().get(1).runId());
    }

    @Test
    void theEndOfAnotherCommandOrOfARunThatIsOverChangesNothing() {
        Attempt run = Attempt.claimed(1, new RunId("run-00000001"), "me", World.FIRST, T)
                .sent("command");
        Stay stay = opened().with(run);
        assertSame(stay, stay.learn(List.of(new Evidence.CommandEnded("another", new Verdict.Succeeded(), T))));
        Stay over = stay.learn(List.of(new Evidence.CommandEnded("command", new Verdict.Undelivered("late"), T)));
        assertFalse(over.lastAttempt().orElseThrow().isUnderWay());
        assertSame(over, over.learn(List.of(new Evidence.CommandEnded("command", new Verdict.Succeeded(), T))));
    }

    /** Records that were written before causes were stored have none. */
    @Test
    void anAbandonmentWithoutACauseIsAFailedRunsIfItHasAFailure() {
        Closing failed = new Closing(
                Closing.Kind.ABANDONED,
                Optional.empty(),
                "it failed",
                Optional.of(World.BROKEN_PLAY),
                T,
                Optional.empty());
        Closing late =
                new Closing(Closing.Kind.ABANDONED, Optional.empty(), "late", Optional.empty(), T, Optional.empty());
        assertEquals(Cause.RUN_FAILED, failed.abandonedFor());
        assertEquals(Cause.LAUNCH_DEADLINE, late.abandonedFor());
    }

    @Test
    void theSameTroubleSeenAgainKeepsTheTimeOfTheFirst() {
        Stay stay = opened().withTrouble(new Trouble(Trouble.Kind.MISCONFIGURED, "no document", T));
        assertSame(stay, stay.withTrouble(new Trouble(Trouble.Kind.MISCONFIGURED, "no document", T.plusSeconds(60))));
        assertEquals(Optional.empty(), stay.withTroubleOver().trouble());
    }

    private static Stay opened() {
        return Stay.first(Gate.SERVICE, Optional.of(FIRST), T);
    }

    private static Stay swept() {
        return Stay.first(Gate.SERVICE, Optional.empty(), T);
    }

    private static Stay seen(Stay stay, Optional<Hint> hint, Instant now) {
        return Stay.current(Optional.of(stay), Gate.SERVICE, now, hint, now).orElseThrow();
    }

    private static Stay closed(Stay stay, Instant at) {
        return stay.withClosing(intention().done(at));
    }

    private static Closing intention() {
        return Closing.proceeding(Closing.Kind.PROVISIONED, "served", T);
    }
}
