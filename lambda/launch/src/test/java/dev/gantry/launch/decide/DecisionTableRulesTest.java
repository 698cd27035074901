package dev.gantry.launch.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision.Abandon;
import dev.gantry.launch.decide.Decision.Ask;
import dev.gantry.launch.decide.Decision.Extend;
import dev.gantry.launch.decide.Decision.FallBack;
import dev.gantry.launch.decide.Decision.Hold;
import dev.gantry.launch.decide.Decision.Ignore;
import dev.gantry.launch.decide.Decision.Proceed;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Run;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.twin.Observations;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The rules about decisions, each checked over all possible observations; written independently of the table. */
final class DecisionTableRulesTest {
    @Provide
    Arbitrary<Observation> all() {
        return Observations.all();
    }

    @Provide
    Arbitrary<Observation> atAGate() {
        return Observations.atAGate();
    }

    @Provide
    Arbitrary<Observation> open() {
        return Observations.open();
    }

    @Provide
    Arbitrary<Observation> ending() {
        return Observations.atAGate()
                .filter(o -> stay(o).closing().filter(c -> c.doneAt().isEmpty()).isPresent());
    }

    @Provide
    Arbitrary<Observation> mistaken() {
        return Observations.open()
                .filter(o -> o.trouble()
                        .filter(t -> t.kind() == Trouble.Kind.MISCONFIGURED)
                        .isPresent())
                .filter(o -> last(o).filter(Attempt::isUnderWay).isEmpty());
    }

    @Provide
    Arbitrary<Observation> running() {
        return Observations.open()
                .filter(o -> last(o).filter(a -> a.isUnderWay() && a.commandId().isPresent())
                        .filter(a -> !a.isOverTheBastion())
                        .isPresent())
                .filter(o -> !policy(o).fallback().isUsed() || stay(o).silence().isEmpty())
                .filter(o -> !isLate(o) && !hasFailedForGood(o) && !ranQuarantined(o) && !hasGoodRun(o));
    }

    @Provide
    Arbitrary<Observation> claimed() {
        return Observations.open()
                .filter(o -> last(o).filter(a -> a.isUnderWay() && a.commandId().isEmpty())
                        .filter(a -> !a.absence().isProven())
                        .isPresent());
    }

    @Provide
    Arbitrary<Observation> heardBefore() {
        return Observations.open().filter(o -> stay(o).earlierClosed()
                .filter(closed -> o.agent().lastPing().filter(closed::isBefore).isEmpty())
                .isPresent());
    }

    @Provide
    Arbitrary<Observation> overdue() {
        return Observations.open().filter(o -> isOverdue(o) && !hasGoodRun(o));
    }

    @Provide
    Arbitrary<Observation> served() {
        return Observations.open().filter(DecisionTableRulesTest::hasGoodRun);
    }

    @Provide
    Arbitrary<Observation> observed() {
        return Observations.atAGate().filter(o -> isObserved(o) && stay(o).isOpen());
    }

    @Provide
    Arbitrary<Observation> withoutSettings() {
        return Observations.withoutSettings().filter(o -> stay(o).isOpen());
    }

    @Property
    void thereIsExactlyOneDecisionWithAReasonAndNeverAnException(@ForAll("all") Observation o) {
        Decision decision = DecisionTable.decide(o);
        assertFalse(decision.why().isBlank());
        assertEquals(decision, DecisionTable.decide(o), "the same observation decides the same");
    }

    @Property
    void onlyAHeldInstanceIsActedOn(@ForAll("all") Observation o) {
        Assume.that(o.lifecycle().gate().isEmpty());
        Decision decision = DecisionTable.decide(o);
        boolean hasPassed = o.lifecycle().hasPassed() && stay(o).closedAt().isPresent();
        boolean isOver = hasPassed || o.lifecycle() == Lifecycle.LEAVING;
        assertTrue(isOver ? decision instanceof Ignore : decision instanceof Wait, decision::toString);
    }

    @Property
    void aClosedStayIsIgnored(@ForAll("atAGate") Observation o) {
        boolean isClosed = stay(o).closedAt().isPresent();
        assertEquals(isClosed, DecisionTable.decide(o) instanceof Ignore);
    }

    @Property
    void aRecordedEndIsCarriedOutWhateverElseIsObserved(@ForAll("ending") Observation o) {
        Optional<Closing> closing = stay(o).closing().filter(c -> c.doneAt().isEmpty());
        Decision decision = DecisionTable.decide(o);
        boolean isAbandonment = closing.get().kind() == Closing.Kind.ABANDONED;
        if (stay(o).mayBeCompleted(o.now(), o.takeover())) {
            assertTrue(decision instanceof Wait || (!isAbandonment && decision instanceof Extend), decision::toString);
        } else if (isAbandonment) {
            assertInstanceOf(Abandon.class, decision);
        } else {
            assertTrue(decision instanceof Proceed || decision instanceof Extend, decision::toString);
        }
    }

    @Property
    void anInstanceProceedsOnlyAfterAGoodRunOrInAnObservedFleet(@ForAll("atAGate") Observation o) {
        if (DecisionTable.decide(o) instanceof Proceed proceed && stay(o).isOpen()) {
            Closing.Kind expected = isObserved(o) ? Closing.Kind.OBSERVED : Closing.Kind.PROVISIONED;
            assertEquals(expected, proceed.kind());
            assertTrue(isObserved(o) || hasGoodRun(o));
        }
    }

    @Property
    void aGoodRunAlwaysProceeds(@ForAll("served") Observation o) {
        assertInstanceOf(Proceed.class, DecisionTable.decide(o));
    }

    @Property
    void anObservedFleetAlwaysProceeds(@ForAll("observed") Observation o) {
        assertInstanceOf(Proceed.class, DecisionTable.decide(o));
    }

    @Property
    void withoutSettingsNothingIsAbandonedHeldOrRunAndOnlyAGoodRunProceeds(@ForAll("withoutSettings") Observation o) {
        Decision decision = DecisionTable.decide(o);
        assertEquals(hasGoodRun(o), decision instanceof Proceed);
        boolean onlyAsks = decision instanceof Ask ask && ask.question() == Question.STATUS;
        assertTrue(
                decision instanceof Proceed || decision instanceof Extend || decision instanceof Wait || onlyAsks,
                decision::toString);
    }

    @Property
    void withoutSettingsTheHeartbeatIsRenewedUntilTheDeadlineAndNeverAfterIt(@ForAll("withoutSettings") Observation o) {
        Assume.that(!hasGoodRun(o));
        boolean isDue = stay(o).heartbeatAt()
                .filter(at -> o.now().isBefore(at.plusSeconds(120)))
                .isEmpty();
        assertEquals(isDue && !isLate(o), DecisionTable.decide(o) instanceof Extend);
    }

    @Property
    void withoutSettingsARepairIsWaitedForUnlessARunIsUnderWay(@ForAll("withoutSettings") Observation o) {
        Assume.that(!hasGoodRun(o));
        Assume.that(last(o).filter(a -> a.isUnderWay() && a.isOverTheBastion()).isEmpty());
        Wait wait = assertInstanceOf(Wait.class, DecisionTable.decide(isLate(o) ? o : renewed(o)));
        boolean isRunning =
                last(o).filter(a -> a.isUnderWay() && a.commandId().isPresent()).isPresent();
        assertEquals(isRunning && !isLate(o) ? Reason.RUN : Reason.MISCONFIGURED, wait.reason());
    }

    @Property
    void anInstanceIsAbandonedOnlyForItsFailedRunsTheDeadlineOrAQuarantine(@ForAll("open") Observation o) {
        if (DecisionTable.decide(o) instanceof Abandon abandon) {
            boolean isRight =
                    switch (abandon.cause()) {
                        case RUN_FAILED -> hasFailedForGood(o)
                                && abandon.failure().isPresent();
                        case LAUNCH_DEADLINE -> isLate(o);
                        case BUNDLE_QUARANTINED -> ranQuarantined(o);
                    };
            assertTrue(isRight, abandon::toString);
        }
    }

    @Property
    void noTroubleAbandonsAnInstanceBeforeTheDeadline(@ForAll("open") Observation o) {
        Assume.that(!isLate(o) && !hasFailedForGood(o) && !ranQuarantined(o));
        Decision decision = DecisionTable.decide(o);
        assertFalse(decision instanceof Abandon || decision instanceof Hold, decision::toString);
    }

    @Property
    void aMisconfigurationStartsNoRunAndIsReported(@ForAll("mistaken") Observation o) {
        Decision decision = DecisionTable.decide(o);
        assertFalse(decision instanceof Run || decision instanceof FallBack);
        if (decision instanceof Wait wait) {
            assertEquals(Reason.MISCONFIGURED, wait.reason());
        }
    }

    @Property
    void aQuarantineCountsAgainstNoBundleAgain(@ForAll("open") Observation o) {
        if (ranQuarantined(o) && DecisionTable.decide(o) instanceof Abandon abandon) {
            assertEquals(Cause.BUNDLE_QUARANTINED, abandon.cause());
        }
    }

    @Property
    void anAbandonmentHasTheLastFailureWhateverItsCause(@ForAll("open") Observation o) {
        if (DecisionTable.decide(o) instanceof Abandon abandon) {
            assertEquals(stay(o).failures() > 0, abandon.failure().isPresent());
        }
    }

    /** The run was never sent, and its bundle is quarantined since, so the good bundle takes its place. */
    private static boolean isNeverToBeSent(Observation o, Attempt run) {
        return run.commandId().isEmpty()
                && !run.isOverTheBastion()
                && run.absence().isProven()
                && o.release().isQuarantined(run.bundle());
    }

    @Property
    void aNewRunNeedsAReachableAgentNothingUnderWayAndTime(@ForAll("open") Observation o) {
        if (DecisionTable.decide(o) instanceof Run run && run.resend().isEmpty()) {
            assertTrue(o.agent().online());
            assertTrue(last(o).filter(a -> a.isUnderWay() && !isNeverToBeSent(o, a))
                    .isEmpty());
            assertTrue(!isLate(o) || isKept(o));
            assertTrue(o.trouble().isEmpty());
            assertEquals(o.release().current(), Optional.of(run.bundle()));
            assertFalse(o.release().isQuarantined(run.bundle()));
            assertEquals(last(o).map(Attempt::number).orElse(0) + 1, run.attempt());
            last(o).flatMap(Attempt::end)
                    .ifPresent(end -> assertFalse(o.now().isBefore(end.at().plus(backoff(o)))));
        }
    }

    @Property
    void anAgentThatWasHeardBeforeTheEarlierStayEndedIsNotReachable(@ForAll("heardBefore") Observation o) {
        assertFalse(DecisionTable.decide(o) instanceof Run run && run.resend().isEmpty());
    }

    @Property
    void aResendIsTheSameRunAndOnlyOfASendThatWasProvenLost(@ForAll("open") Observation o) {
        if (DecisionTable.decide(o) instanceof Run run && run.resend().isPresent()) {
            Attempt lost = last(o).orElseThrow();
            assertEquals(lost.runId(), run.resend().get());
            assertEquals(lost.number(), run.attempt());
            assertEquals(lost.bundle(), run.bundle());
            assertTrue(lost.commandId().isEmpty() && lost.isUnderWay());
            assertTrue(lost.absence().looks() >= 3);
            Duration span = Duration.between(
                    lost.absence().first().orElseThrow(), lost.absence().last().orElseThrow());
            assertTrue(span.toSeconds() >= 60);
        }
    }

    @Property
    void theHeartbeatIsRenewedOnceHalfOfItHasPassedAndNeverBefore(@ForAll("open") Observation o) {
        Assume.that(!hasGoodRun(o) && !isOverdue(o));
        boolean isDue = stay(o).heartbeatAt()
                .filter(at -> o.now().isBefore(at.plus(policy(o).heartbeat().dividedBy(2))))
                .isEmpty();
        assertEquals(isDue, DecisionTable.decide(o) instanceof Extend);
    }

    @Property
    void afterTheDeadlineAndTheHoldOnlyARunThatBeganThenRenewsTheHeartbeat(@ForAll("overdue") Observation o) {
        assertFalse(DecisionTable.decide(o) instanceof Extend);
    }

    @Property
    void afterARenewalSomethingElseIsDecided(@ForAll("open") Observation o) {
        assertFalse(DecisionTable.decide(renewed(o)) instanceof Extend);
    }

    @Property
    void aRunUnderWayIsWaitedForUntilTheDeadline(@ForAll("running") Observation o) {
        Wait wait = assertInstanceOf(Wait.class, DecisionTable.decide(renewed(o)));
        assertEquals(Reason.RUN, wait.reason());
    }

    @Property
    void anotherWorkersClaimIsLeftAloneWhileThatWorkerMayBeRunning(@ForAll("claimed") Observation o) {
        assertFalse(DecisionTable.decide(o) instanceof Run);
    }

    @Property
    void aHoldEndsAndThenTheInstanceIsAbandoned(@ForAll("open") Observation o) {
        Assume.that(runSinceTheEnd(o).isEmpty());
        if (DecisionTable.decide(renewed(o)) instanceof Hold hold) {
            assertTrue(hasFailedForGood(o) || isLate(o));
            assertTrue(hold.until().isAfter(o.now()));
            assertFalse(hold.until().isAfter(o.now().plus(policy(o).hold())));
            assertInstanceOf(Abandon.class, DecisionTable.decide(renewed(at(o, hold.until()))));
        }
    }

    @Property
    void anInstanceThatIsLateOrHasFailedForGoodIsHeldOrAbandoned(@ForAll("open") Observation o) {
        Assume.that((isLate(o) || hasFailedForGood(o))
                && !hasGoodRun(o)
                && runSinceTheEnd(o).isEmpty());
        Decision decision = DecisionTable.decide(renewed(o));
        assertTrue(decision instanceof Abandon || decision instanceof Hold, decision::toString);
    }

    private static Stay stay(Observation o) {
        return o.stay().orElseThrow();
    }

    private static Policy policy(Observation o) {
        return o.fleet().policy();
    }

    private static Optional<Attempt> last(Observation o) {
        return stay(o).lastAttempt();
    }

    private static boolean isObserved(Observation o) {
        return policy(o).mode() == Policy.Mode.OBSERVE;
    }

    private static boolean hasGoodRun(Observation o) {
        return stay(o).attempts().stream()
                .anyMatch(a -> a.succeeded() && !o.release().isQuarantined(a.bundle()));
    }

    private static boolean hasFailedForGood(Observation o) {
        return stay(o).failures() >= policy(o).attempts();
    }

    private static boolean ranQuarantined(Observation o) {
        return stay(o).attempts().stream()
                .filter(a -> a.commandId().isPresent() || a.isOverTheBastion() || !a.isUnderWay())
                .anyMatch(a -> o.release().isQuarantined(a.bundle()));
    }

    private static boolean isLate(Observation o) {
        return !o.now().isBefore(stay(o).openedAt().plus(policy(o).launchDeadline()));
    }

    private static Instant end(Observation o) {
        return stay(o).openedAt()
                .plus(policy(o).launchDeadline())
                .plus(policy(o).hold());
    }

    private static Optional<Attempt> runSinceTheEnd(Observation o) {
        return last(o).filter(a -> !isNeverToBeSent(o, a) && !a.claimedAt().isBefore(end(o)));
    }

    private static boolean isOverdue(Observation o) {
        return !o.now().isBefore(end(o)) && runSinceTheEnd(o).isEmpty() && !hasFailedForGood(o);
    }

    /** The heartbeat was renewed so late that the fleet cannot have had its settings then. */
    private static boolean isKept(Observation o) {
        return stay(o).heartbeatAt()
                .filter(at -> !at.isBefore(end(o).plus(o.takeover())))
                .isPresent();
    }

    private static Duration backoff(Observation o) {
        return policy(o).backoffAfter(stay(o).attempts().size());
    }

    /** With settings, after the end the heartbeat is renewed only for a run that began then. */
    private static Observation renewed(Observation o) {
        Instant at = isOverdue(o) ? end(o) : o.now();
        return with(o, o.now(), stay(o).withHeartbeat(at));
    }

    private static Observation at(Observation o, Instant now) {
        return with(o, now, stay(o));
    }

    private static Observation with(Observation o, Instant now, Stay stay) {
        return new Observation(now, o.terms(), o.lifecycle(), Optional.of(stay), o.agent(), o.reply(), o.trouble());
    }
}
