package dev.gantry.system.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.aws.scale.Burst;
import dev.gantry.aws.scale.Outcome;
import dev.gantry.aws.scale.Quotas;
import dev.gantry.sandbox.testing.Repository;
import dev.gantry.system.e2e.Deployment;
import dev.gantry.system.scale.WireBurst.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A sample of what scripts/dev/scale does with a thousand: its counts, not its times. */
@Tag("e2e")
class WireBurstTest {
    private static final Path ZIP = Repository.path("lambda/function/target/gantry-function.zip");
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final Burst BURST = new Burst(30, 2, 6, 2, false, 1);

    /** So low that both sides are throttled. */
    private static final Quotas NARROW = new Quotas(3, 3, 3, 3);

    @Test
    void gantryBringsABurstIntoServiceWithFewerCallsThanOneFunctionEach() throws IOException, InterruptedException {
        Result gantry = WireBurst.gantry(BURST, NARROW, PATIENCE, ZIP, Deployment.PATIENT);
        Result baseline = WireBurst.baseline(BURST, NARROW, PATIENCE);
        assertServed(gantry);
        assertServed(baseline);
        assertTrue(
                gantry.outcome().callsPerLaunch() < baseline.outcome().callsPerLaunch(),
                gantry.outcome() + " and " + baseline.outcome());
        assertEquals(WireBurst.CONCURRENCY, gantry.outcome().concurrency());
        assertTrue(
                baseline.outcome().concurrency() > WireBurst.CONCURRENCY,
                baseline.outcome().toString());
        assertTrue(gantry.outcome().deepest() > 0, gantry.outcome().toString());
        assertTrue(gantry.outcome().invocations() > 0, gantry.outcome().toString());
    }

    /** All in service, each after one run, and every completion that counts was accepted once. */
    private static void assertServed(Result result) {
        Outcome outcome = result.outcome();
        assertEquals(BURST.instances(), outcome.inService(), outcome.toString());
        assertEquals(BURST.instances(), result.executions().size());
        assertEquals(
                Set.of(1),
                Set.copyOf(result.executions().values()),
                result.executions().toString());
        assertTrue(outcome.accepted().get("autoscaling:CompleteLifecycleAction") >= BURST.instances());
        assertTrue(
                outcome.throttled().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum()
                        > 0,
                outcome.toString());
    }

    @Test
    void theMemoryOfAProcessIsTheMostThatItEverHeld() {
        Map<String, Integer> peaks = Memory.peaks();
        assertTrue(peaks.get("sandbox") > 0, peaks.toString());
    }
}
