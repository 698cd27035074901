package dev.gantry.system.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** The time between two looks at what other processes do. */
final class Pause {
    private static final Duration BRIEF = Duration.ofMillis(250);

    private Pause() {}

    static void brief() throws InterruptedException {
        Thread.sleep(BRIEF.toMillis());
    }

    /** Waits until a condition holds; false if it does not hold within the time limit. */
    static boolean until(BooleanSupplier holds) throws InterruptedException {
        Instant end = Instant.now().plus(Launch.PATIENCE);
        while (!holds.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                return false;
            }
            brief();
        }
        return true;
    }
}
