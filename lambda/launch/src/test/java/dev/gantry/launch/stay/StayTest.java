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

/** Which stay an instance is in that is seen waiting at a gate. */
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
    void aLaterEventWithAnotherTokenEndsTheAfterglowAtOnce() {
        Stay stay = closed(opened(), T.plusSeconds(60));
        Stay next = seen(stay, Optional.of(new Hint("second", T.plusSeconds(65))), T.plusSeconds(66));
        assertEquals(2, next.number());
        assertEquals(Optional.of("second"), next.token());
    }

    @Test
    void anIntendedEndIsNoEndYet() {
        Stay stay = opened().withClosing(intention());
        assertFalse(stay.isOpen());
        assertSame(stay, seen(stay, Optional.empty(), intention().decidedAt().plus(CurrentStay.INTENT_EXPIRY)));
    }

    @Test
    void anEventOfAWaitThatBeganLaterIsNotTakenForAStayWhoseOwnEventWasLost() {
        Stay lost = Stay.first(Gate.SERVICE, Optional.empty(), T);
        Hint later = new Hint("later", T.plusSeconds(600));
        assertEquals(2, seen(lost, Optional.of(later), T.plusSeconds(602)).number());
    }

    @Test
    void anIntentionThatNobodyHasTriedForFiveMinutesMayBelongToAnEarlierWait() {
        Instant later = intention().decidedAt().plus(CurrentStay.INTENT_EXPIRY).plusSeconds(1);
        Stay next = seen(opened().withClosing(intention()), Optional.empty(), later);
        assertEquals(2, next.number());
        assertEquals(Optional.of(later), next.earlierClosed());
    }

    @Test
    void anIntendedAbandonmentStaysIntendedHoweverLongNobodyTriesBecauseAnAbandonedInstanceNeverWaitsAgain() {
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
