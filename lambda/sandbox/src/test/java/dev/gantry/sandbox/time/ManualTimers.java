package dev.gantry.sandbox.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** Timers that a test drives by hand: time stands still until {@link #advance}, which runs what falls due, in order. */
public final class ManualTimers implements Timers {
    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparing(Entry::number));
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long numbers;

    private record Entry(Instant at, long number, Runnable task) {}

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized Runnable after(Duration delay, Runnable task) {
        Entry entry = new Entry(now.plus(delay), numbers++, task);
        entries.add(entry);
        return () -> cancel(entry);
    }

    /** Moves time on; tasks that due tasks set are run too, if they fall due within the same time. */
    public void advance(Duration time) {
        Instant until = instant().plus(time);
        for (Optional<Runnable> task = next(until); task.isPresent(); task = next(until)) {
            task.get().run();
        }
        reach(until);
    }

    private synchronized Optional<Runnable> next(Instant until) {
        if (entries.isEmpty() || entries.peek().at().isAfter(until)) {
            return Optional.empty();
        }
        Entry entry = entries.remove();
        now = entry.at();
        return Optional.of(entry.task());
    }

    private synchronized void reach(Instant time) {
        now = time;
    }

    private synchronized void cancel(Entry entry) {
        entries.remove(entry);
    }
}
