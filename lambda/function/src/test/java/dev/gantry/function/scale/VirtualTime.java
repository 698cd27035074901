package dev.gantry.function.scale;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Virtual time for code that waits during its work. Each process has a thread; only one thread runs at any time. When a
 * process waits, the process that is due next runs. No real time passes.
 */
final class VirtualTime implements InstantSource, AutoCloseable {
    static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final Semaphore baton = new Semaphore(0);
    private final List<Walker> waiting = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(null, task, "virtual-process", 512 * 1024);
        thread.setDaemon(true);
        return thread;
    });
    /** The process that runs: only one process runs at any time. */
    private volatile Walker current = new Walker(Instant.MAX);

    private volatile Instant now = START;
    private volatile boolean closed;
    private long order;

    private record Due(Instant at, long order, Runnable action) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** A process with the time at which it is ended. */
    private static final class Walker {
        private final Instant deadline;
        private final Semaphore resumed = new Semaphore(0);

        Walker(Instant deadline) {
            this.deadline = deadline;
        }
    }

    /** Ends a process at its timeout; an error, so that no code on the way handles it as its own. */
    private static final class Ended extends Error {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("the process was ended", null, false, false);
        }
    }

    @Override
    public Instant instant() {
        return now;
    }

    double secondsSinceStart() {
        return Duration.between(START, now).toMillis() / 1000.0;
    }

    /** Runs the action after this time; the action must not wait. */
    void in(Duration delay, Runnable action) {
        at(now.plus(delay), action);
    }

    void at(Instant time, Runnable action) {
        order++;
        due.add(new Due(time.isBefore(now) ? now : time, order, action));
    }

    /**
     * Starts a process.
     *
     * @param timeout after which it is ended in the middle of its work
     * @param ended is informed whether it ended by itself
     */
    void spawn(Duration timeout, Runnable body, Consumer<Boolean> ended) {
        Walker process = new Walker(now.plus(timeout));
        in(Duration.ZERO, () -> {
            current = process;
            threads.execute(() -> live(body, ended));
            baton.acquireUninterruptibly();
        });
    }

    private void live(Runnable body, Consumer<Boolean> ended) {
        boolean completed = false;
        try {
            body.run();
            completed = true;
        } catch (Ended timedOut) {
            // Its work stays as it is.
        } finally {
            if (!closed) {
                ended.accept(completed);
            }
            baton.release();
        }
    }

    /** Lets time pass for the process that calls. */
    void sleep(Duration time) {
        Walker process = current;
        Instant wake = now.plus(time);
        boolean isLast = wake.isAfter(process.deadline);
        waiting.add(process);
        at(isLast ? process.deadline : wake, () -> {
            waiting.remove(process);
            current = process;
            process.resumed.release();
            baton.acquireUninterruptibly();
        });
        baton.release();
        process.resumed.acquireUninterruptibly();
        if (isLast || closed) {
            throw new Ended();
        }
    }

    /** Runs until it is done, or the time is over. */
    void run(BooleanSupplier done, Duration limit) {
        Instant end = now.plus(limit);
        while (!done.getAsBoolean() && !due.isEmpty() && !due.peek().at().isAfter(end)) {
            Due next = due.remove();
            now = next.at();
            next.action().run();
        }
    }

    /** Ends every process that still waits. */
    @Override
    public void close() {
        closed = true;
        waiting.forEach(process -> process.resumed.release());
        threads.shutdown();
    }
}
