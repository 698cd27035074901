package dev.gantry.sandbox.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Timers on the machine's clock. Tasks share a few daemon threads, so a task that takes long belongs on a thread of its
 * own. A task that throws is reported on standard error and does not affect others. After {@link #close()} nothing runs.
 */
public final class RealTimers implements Timers, AutoCloseable {
    private static final int THREADS = 4;

    private final ScheduledThreadPoolExecutor executor;

    public RealTimers() {
        executor = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(task, "sandbox-timers");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> future =
                    executor.schedule(() -> runReported(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    private static void runReported(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    /** Waits at most this long, and answers whether no task runs and none will run again. */
    boolean hasEndedWithin(Duration time) throws InterruptedException {
        return executor.awaitTermination(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
