package dev.gantry.launch.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;

/**
 * Virtual time and what will happen in it. A call that takes time lets it pass, so that whatever is due meanwhile happens in
 * the middle of the caller's work: that is how two workers interleave without threads.
 */
final class Timeline implements InstantSource {
    static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private Instant now = START;
    private long scheduled;

    private record Entry(Instant at, long order, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** How long the simulation has been going on. */
    Duration elapsed() {
        return Duration.between(START, now);
    }

    void in(Duration time, Runnable action) {
        at(now.plus(time), action);
    }

    /** Events that are overdue happen next. */
    void at(Instant time, Runnable action) {
        scheduled++;
        entries.add(new Entry(time, scheduled, action));
    }

    /** Lets time pass, and runs what is due meanwhile. */
    void pass(Duration time) {
        until(now.plus(time));
    }

    void until(Instant end) {
        while (!entries.isEmpty() && !entries.peek().at().isAfter(end)) {
            Entry next = entries.remove();
            now = later(now, next.at());
            next.action().run();
        }
        now = later(now, end);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isBefore(b) ? b : a;
    }
}
