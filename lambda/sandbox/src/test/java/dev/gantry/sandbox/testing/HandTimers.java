package dev.gantry.sandbox.testing;

import dev.gantry.sandbox.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A double of {@link Timers} that a test drives by hand: time passes only in {@link #advance}, tasks run in the
 * caller's thread.
 */
public final class HandTimers implements Timers {
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::due).thenComparing(Task::number));
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private long made;

    private record Task(Instant due, long number, Runnable action) {}

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized Runnable after(Duration delay, Runnable action) {
        Task task = new Task(now.plus(delay), made++, action);
        tasks.add(task);
        return () -> cancel(task);
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    /** Lets time pass, task by task. */
    public void advance(Duration time) {
        Instant end = instant().plus(time);
        for (Task task = due(end); task != null; task = due(end)) {
            task.action().run();
        }
        synchronized (this) {
            now = end;
        }
    }

    private synchronized Task due(Instant end) {
        if (tasks.isEmpty() || tasks.peek().due().isAfter(end)) {
            return null;
        }
        Task task = tasks.poll();
        now = task.due().isAfter(now) ? task.due() : now;
        return task;
    }
}
