package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for other processes: polls a condition, for a bounded time. */
public final class Await {
    /** Ten times the longest duration here, so that load on the machine does not fail a test. */
    static final Duration PATIENCE = Duration.ofMinutes(20);

    /** About thirty tests wait in parallel, and each poll is an API call. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    /** A step makes a function run, and the launches under test need the machine as well. */
    private static final Duration BETWEEN_STEPS = Duration.ofSeconds(2);

    private Await() {}

    public static void until(String what, BooleanSupplier holds) {
        until(what, found(holds));
    }

    public static <T> T until(String what, Supplier<Optional<T>> look) {
        return until(what, PATIENCE, look);
    }

    public static <T> T until(String what, Duration patience, Supplier<Optional<T>> look) {
        return until(what, patience, BETWEEN_LOOKS, look);
    }

    /** Before each look a function is invoked. */
    static <T> T stepping(String what, Runnable step, Supplier<Optional<T>> look) {
        return until(what, PATIENCE, BETWEEN_STEPS, () -> {
            step.run();
            return look.get();
        });
    }

    static void stepping(String what, Runnable step, BooleanSupplier holds) {
        stepping(what, step, found(holds));
    }

    private static Supplier<Optional<Boolean>> found(BooleanSupplier holds) {
        return () -> Optional.of(holds.getAsBoolean()).filter(held -> held);
    }

    private static <T> T until(String what, Duration patience, Duration between, Supplier<Optional<T>> look) {
        Instant end = Instant.now().plus(patience);
        while (Instant.now().isBefore(end)) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            pause(between);
        }
        return fail("not within " + patience.toSeconds() + " s: " + what);
    }

    /** The same, with a message about the actual state. */
    public static void until(String what, BooleanSupplier holds, Supplier<String> instead) {
        until(what, PATIENCE, holds, instead);
    }

    static void until(String what, Duration patience, BooleanSupplier holds, Supplier<String> instead) {
        Instant end = Instant.now().plus(patience);
        while (!holds.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                fail("not within " + patience.toSeconds() + " s: " + what + "; instead: " + instead.get());
            }
            pause(BETWEEN_LOOKS);
        }
    }

    private static void pause(Duration between) {
        try {
            Thread.sleep(between.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the test was interrupted", e);
        }
    }
}
