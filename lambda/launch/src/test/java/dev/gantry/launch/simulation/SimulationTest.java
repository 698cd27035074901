package dev.gantry.launch.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.gantry.launch.simulation.Simulation.Outcome;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The invariants hold in many simulated lives, and the simulation is worth something: it finds what was planted. */
final class SimulationTest {
    private static final int SEEDS = 2000;
    private static final int SEEDS_FOR_A_MUTANT = 4000;

    @Test
    void noInvariantIsBrokenInTwoThousandSeeds(TestReporter reporter) {
        long begun = System.nanoTime();
        LongStream.rangeClosed(1, SEEDS).forEach(SimulationTest::holds);
        double seconds = (System.nanoTime() - begun) / 1e9;
        reporter.publishEntry("seeds a second", String.valueOf(Math.round(SEEDS / seconds)));
    }

    /** Each of these once broke an invariant; their commits name them. */
    @ParameterizedTest
    @ValueSource(longs = {189, 198, 214, 286, 293, 525, 601, 1048, 1249, 8092, 8753, 35837, 42009})
    void aSeedThatOnceFoundADefectDoesNotAnyMore(long seed) {
        holds(seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 198, 286})
    void oneSeedDecidesEverything(long seed) {
        assertEquals(
                Simulation.traced(plan(seed)).trace(),
                Simulation.traced(plan(seed)).trace());
    }

    @Test
    void everyKindOfFaultStrikesSomewhere() {
        Set<FaultKind> never = EnumSet.allOf(FaultKind.class);
        for (long seed = 1; seed <= SEEDS && !never.isEmpty(); seed++) {
            Simulation.run(plan(seed)).struck().forEach(fault -> never.remove(fault.kind()));
        }
        assertTrue(never.isEmpty(), () -> "these never struck: " + never);
    }

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void aPlantedBugIsFound(Mutant mutant) {
        assertTrue(MutantsMain.hunt(mutant, SEEDS_FOR_A_MUTANT).isPresent(), () -> mutant + " survives");
    }

    @Test
    void aViolationIsShrunkToTheFaultsThatItTakes() {
        Outcome found = MutantsMain.hunt(Mutant.UNCLEAR_SEND_REPEATED, SEEDS_FOR_A_MUTANT)
                .orElseThrow();
        Outcome shrunk = new Shrinker().shrink(found);
        assertEquals(
                found.violation().map(Violation::invariant), shrunk.violation().map(Violation::invariant));
        assertTrue(shrunk.struck().size() <= 3, () -> "it takes " + shrunk.struck());
        assertFalse(shrunk.trace().isEmpty());
    }

    private static Plan plan(long seed) {
        return Plan.of(seed, Profiles.of(seed));
    }

    private static void holds(long seed) {
        Outcome outcome = Simulation.run(plan(seed));
        Optional<Violation> violation = outcome.violation();
        if (violation.isPresent()) {
            fail(Report.of(outcome), violation.get());
        }
    }
}
