package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class AheadThreadsTest {
    private final AheadThreads ahead = new AheadThreads();

    @Test
    void whatIsReadAheadIsHandedOutLater() {
        assertEquals("read", ahead.start(() -> "read").get());
    }

    @Test
    void readingGoesOnByItselfAndKeepsNoProcessAlive() {
        assertTrue(ahead.start(() -> Thread.currentThread().isDaemon()).get());
    }

    /** The waiting thread must be able to distinguish a temporary error from a configuration error. */
    @Test
    void anErrorOfAwsComesOutAsItIs() {
        GantryException error = new GantryException.Retryable("Rate exceeded", null);
        Supplier<Object> failing = ahead.start(() -> {
            throw error;
        });

        assertSame(error, assertThrows(GantryException.Retryable.class, failing::get));
    }

    @Test
    void whatIsNoExceptionComesOutAsADefectWithItsCause() {
        Supplier<Object> failing = ahead.start(() -> {
            throw new AssertionError("an unexpected error");
        });

        assertEquals(
                "an unexpected error",
                assertThrows(IllegalStateException.class, failing::get)
                        .getCause()
                        .getMessage());
    }

    @Test
    void anInterruptionEndsTheWaitAndIsPassedOn() {
        CountDownLatch never = new CountDownLatch(1);
        Supplier<Object> waiting = ahead.start(() -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "";
        });
        Thread.currentThread().interrupt();

        assertThrows(IllegalStateException.class, waiting::get);
        assertTrue(Thread.interrupted(), "the caller sees the interruption, too");
        never.countDown();
    }
}
