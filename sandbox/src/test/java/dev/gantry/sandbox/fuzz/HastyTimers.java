package dev.gantry.sandbox.fuzz;

import dev.gantry.sandbox.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A double of {@link Timers} for one thread, on which no caller has to wait. A task that is due within the longest poll of SQS
 * runs at once when the outermost caller asks, later ones when time is let pass.
 */
final class HastyTimers implements Timers {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::order));
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long order;
    private boolean isHasty;

    private record Due(Instant at, long order, Runnable task) {}

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
        Due entry = new Due(now.plus(delay), order++, task);
        due.add(entry);
        if (isHasty && delay.compareTo(SOON) <= 0) {
            isHasty = false;
            pass(delay);
            isHasty = true;
        }
        return () -> due.remove(entry);
    }

    /** From now on a short wait is over at once. */
    HastyTimers hasty() {
        isHasty = true;
        return this;
    }

    void pass(Duration time) {
        Instant end = now.plus(time);
        while (!due.isEmpty() && !due.peek().at().isAfter(end)) {
            Due next = due.remove();
            now = next.at().isAfter(now) ? next.at() : now;
            next.task().run();
        }
        now = end.isAfter(now) ? end : now;
    }
}
