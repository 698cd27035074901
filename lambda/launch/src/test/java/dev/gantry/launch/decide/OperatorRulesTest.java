package dev.gantry.launch.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision.Abandon;
import dev.gantry.launch.decide.Decision.Extend;
import dev.gantry.launch.decide.Decision.FallBack;
import dev.gantry.launch.decide.Decision.Hold;
import dev.gantry.launch.decide.Decision.Proceed;
import dev.gantry.launch.decide.Decision.Run;
import dev.gantry.launch.stay.Intervention;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.twin.Observations;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What operators may ask for, and what they may not. */
final class OperatorRulesTest {

    @Provide
    Arbitrary<Observation> asked() {
        return Observations.asked();
    }

    private static Stay stay(Observation o) {
        return o.stay().orElseThrow();
    }

    private static boolean isHeld(Observation o) {
        return stay(o).intervention()
                .hold()
                .filter(hold -> o.now().isBefore(hold.until()))
                .isPresent();
    }

    private static boolean isToRun(Observation o) {
        return stay(o).intervention()
                .retry()
                .filter(retry -> o.now().isBefore(retry.until()))
                .filter(retry -> stay(o).attempts().stream()
                        .noneMatch(
                                run -> run.number() >= retry.run() && run.end().isPresent()))
                .isPresent();
    }

    private static Observation with(Observation o, Intervention intervention) {
        return o.with(stay(o).with(intervention));
    }

    @Property
    void aHeldInstanceIsNeitherLetGoNorAbandonedAndOnlyARequestedRunBegins(@ForAll("asked") Observation o) {
        Assume.that(isHeld(o));
        Decision decision = DecisionTable.decide(o);

        assertFalse(decision instanceof Proceed || decision instanceof Abandon, decision::toString);
        boolean begins = decision instanceof Run
                || (decision instanceof FallBack fall && fall.reuse().isEmpty());
        assertTrue(!begins || isToRun(o), decision::toString);
    }

    @Property
    void aHeldInstanceIsKeptAliveWhateverItsDeadline(@ForAll("asked") Observation o) {
        Assume.that(isHeld(o));
        boolean isDue = stay(o).heartbeatAt()
                .filter(at -> o.now().isBefore(at.plus(o.fleet().policy().renewal())))
                .isEmpty();

        assertEquals(isDue, DecisionTable.decide(o) instanceof Extend);
    }

    /** A request that goes beyond the launch deadline keeps the instance alive until then, and moves its end. */
    @Property
    void aHoldThatIsOverBeforeTheLaunchDeadlineChangesNothing(@ForAll("asked") Observation o) {
        Instant end = stay(o).openedAt().plus(o.fleet().policy().launchDeadline());
        Assume.that(!isHeld(o) && !isToRun(o));
        Assume.that(stay(o).intervention().until().filter(end::isBefore).isEmpty());

        assertEquals(DecisionTable.decide(with(o, Intervention.NONE)), DecisionTable.decide(o));
    }

    @Property
    void aRequestedRunNeedsAllThatARunNeeds(@ForAll("asked") Observation o) {
        Assume.that(isToRun(o));
        if (DecisionTable.decide(o) instanceof Run run && run.resend().isEmpty()) {
            assertTrue(o.agent().online());
            assertTrue(o.trouble().isEmpty());
            assertEquals(Optional.of(run.bundle()), o.release().launchable());
        }
    }

    @Property
    void anInstanceWithARequestedRunIsNotAbandonedBefore(@ForAll("asked") Observation o) {
        Assume.that(isToRun(o));
        Decision decision = DecisionTable.decide(o);

        assertFalse(decision instanceof Abandon, decision::toString);
        assertTrue(!(decision instanceof Hold), decision::toString);
    }
}
