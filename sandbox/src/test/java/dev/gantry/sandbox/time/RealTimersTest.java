package dev.gantry.sandbox.time;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RealTimersTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Test
    void aTaskRunsOnceItsTimeHasCome() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        try (RealTimers timers = new RealTimers()) {
            timers.after(Duration.ofMillis(1), ran::countDown);
            assertTrue(ran.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
    }

    @Test
    void timersThatAreClosedRunNothing() throws InterruptedException {
        AtomicBoolean ran = new AtomicBoolean();
        RealTimers timers = new RealTimers();
        timers.after(Duration.ofHours(1), () -> ran.set(true));
        timers.close();
        timers.after(Duration.ZERO, () -> ran.set(true));
        assertTrue(timers.hasEndedWithin(PATIENCE), "a thread still runs");
        assertFalse(ran.get());
    }
}
