package dev.gantry.sandbox.autoscaling;

import dev.gantry.sandbox.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Time and the one lock: whatever a client calls and whatever a timer starts runs alone, so that events keep their
 * order.
 */
final class Clockwork {
    private static final System.Logger LOG = System.getLogger(Clockwork.class.getName());

    private final Timers timers;
    private final Duration look;
    private final ReentrantLock lock = new ReentrantLock();

    /** {@code look} is how soon it sees what changed; AWS publishes no number. */
    Clockwork(Timers timers, Duration look) {
        this.timers = timers;
        this.look = look;
    }

    Instant now() {
        return timers.instant();
    }

    /** Runs the task alone at the next look. */
    Runnable soon(Runnable task) {
        return after(look, task);
    }

    /** Runs the task alone after the delay; the handle cancels it. */
    Runnable after(Duration delay, Runnable task) {
        return timers.after(
                delay,
                () -> alone(() -> {
                    attempt(task);
                    return true;
                }));
    }

    <T> T alone(Supplier<T> task) {
        lock.lock();
        try {
            return task.get();
        } finally {
            lock.unlock();
        }
    }

    /** A timer has no caller to answer: what goes wrong is logged, and the other instances go on. */
    private static void attempt(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "Auto Scaling: a step failed; the next look goes on from the same state",
                    e);
        }
    }
}
