package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Ignore;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.twin.World;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How the results of a round's steps become one. */
final class OutcomesTest {
    private static final InstanceId ONE = new InstanceId("i-00000000000000001");
    private static final InstanceId TWO = new InstanceId("i-00000000000000002");
    private static final Outcomes IGNORED = Outcomes.decided(ONE, new Ignore("first"));
    private static final Outcomes FAILED = Outcomes.failed(TWO, new GantryException.Misconfigured("AccessDenied"));
    private static final Outcomes TAKEN_OUT = Outcomes.takenOut(Set.of(World.FIRST));

    @Test
    void theLaterDecisionAboutAnInstanceCounts() {
        Outcomes both = IGNORED.then(Outcomes.wait(ONE, Reason.STATE, "second"));

        assertEquals("second", both.decisions().get(ONE).why());
    }

    @Test
    void decisionsFailuresAndBundlesThatWereTakenOutAreAllKept() {
        for (Outcomes all : List.of(
                IGNORED.then(FAILED).then(TAKEN_OUT),
                TAKEN_OUT.then(FAILED).then(IGNORED),
                FAILED.then(TAKEN_OUT).then(IGNORED))) {
            assertEquals(Set.of(ONE, TWO), all.decisions().keySet());
            assertEquals(FAILED.failures(), all.failures());
            assertEquals(Set.of(World.FIRST), all.takenOut());
        }
        Outcomes twice = TAKEN_OUT.then(Outcomes.takenOut(Set.of(World.SECOND)));
        assertEquals(Set.of(World.FIRST, World.SECOND), twice.takenOut());
    }

    @Test
    void nothingIsAddedByAStepThatDidNothing() {
        assertSame(IGNORED, IGNORED.then(Outcomes.NONE));
        assertSame(IGNORED, Outcomes.NONE.then(IGNORED));
        assertSame(TAKEN_OUT, TAKEN_OUT.then(Outcomes.NONE));
        assertSame(TAKEN_OUT, Outcomes.NONE.then(TAKEN_OUT));
    }

    @Test
    void onlyAConfigurationErrorThatNoStayCanRememberIsReportedByItself() {
        Outcomes throttled = Outcomes.failed(ONE, new GantryException.Retryable("Rate exceeded", null));

        assertEquals(Set.of(TWO), FAILED.then(throttled).unnoted().keySet());
        assertEquals(List.of(), FAILED.then(throttled).misconfigured());
        assertEquals(Map.of(), throttled.unnoted());
    }

    @Test
    void theReasonOfAWaitAfterAFailedCallIsItsKind() {
        assertEquals(Reason.MISCONFIGURED, ((Decision.Wait) FAILED.decisions().get(TWO)).reason());
        assertEquals(Reason.RETRYABLE, ((Decision.Wait) Outcomes.outOfTime()).reason());
    }
}
