package dev.gantry.sandbox.testing;

import dev.gantry.sandbox.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * A double of {@link Timers} that a test drives by hand: time passes only in {@link #advance}, which runs what falls due in
 * the test's thread, in order. A task that is overdue when it is set runs at once on a thread of its own, as it would by the
 * clock: threads of the sandbox set timers while a test advances, and none may be forgotten.
 */
public final class HandTimers implements Timers {
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::due).thenComparing(Task::number));
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long made;

    private record Task(Instant due, long number, Runnable action) {}

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized Runnable after(Duration delay, Runnable action) {
        return at(now.plus(delay), action);
    }

    @Override
    public synchronized Runnable at(Instant due, Runnable action) {
        if (due.isBefore(now)) {
            Thread thread = new Thread(action, "overdue");
            thread.setDaemon(true);
            thread.start();
            return () -> {};
        }
        Task task = new Task(due, made++, action);
        tasks.add(task);
        return () -> cancel(task);
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    /** The number of tasks that wait for their time. */
    public synchronized int pending() {
        return tasks.size();
    }

    /** Lets time pass, task by task. */
    public void advance(Duration time) {
        Instant end = instant().plus(time);
        for (Optional<Task> task = nextUntil(end); task.isPresent(); task = nextUntil(end)) {
            task.get().action().run();
        }
    }

    /** Takes the next task up to the end; if there is none, the time becomes the end. One step, so that no task is missed. */
    private synchronized Optional<Task> nextUntil(Instant end) {
        if (tasks.isEmpty() || tasks.peek().due().isAfter(end)) {
            now = end;
            return Optional.empty();
        }
        Task task = tasks.remove();
        now = task.due();
        return Optional.of(task);
    }
}
