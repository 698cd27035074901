package dev.gantry.sandbox.time;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A double of {@link Timers}: time stands until a test advances it, and due tasks run on the test's thread, in order. */
public final class HandDrivenTimers implements Timers {
    private final List<Due> pending = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private record Due(Instant at, Runnable task) {}

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized Runnable after(Duration delay, Runnable task) {
        Due due = new Due(now.plus(delay), task);
        pending.add(due);
        return () -> {
            synchronized (this) {
                pending.remove(due);
            }
        };
    }

    /** How many tasks wait for their time. */
    public synchronized int pending() {
        return pending.size();
    }

    public void advance(Duration duration) {
        Instant end = instant().plus(duration);
        for (Optional<Due> next = takeUntil(end); next.isPresent(); next = takeUntil(end)) {
            next.get().task().run();
        }
        synchronized (this) {
            now = end;
        }
    }

    private synchronized Optional<Due> takeUntil(Instant end) {
        Optional<Due> next =
                pending.stream().filter(due -> !due.at().isAfter(end)).min(Comparator.comparing(Due::at));
        next.ifPresent(due -> {
            pending.remove(due);
            now = due.at().isAfter(now) ? due.at() : now;
        });
        return next;
    }
}
