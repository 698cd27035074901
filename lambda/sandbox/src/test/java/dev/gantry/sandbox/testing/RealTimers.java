package dev.gantry.sandbox.testing;

import dev.gantry.sandbox.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Timers by the machine's own clock, for tests that drive real machines. */
public final class RealTimers implements Timers, AutoCloseable {
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);

    public RealTimers() {
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
        var handle = executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> handle.cancel(false);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
