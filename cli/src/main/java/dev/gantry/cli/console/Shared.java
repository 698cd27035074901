package dev.gantry.cli.console;

import dev.gantry.cli.base.Problem;
import dev.gantry.launch.error.GantryException;
import dev.gantry.operator.Errors;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * An answer that all open pages share: however many ask, it is read at most once in its time, and never by two at once. Where
 * no page is open, nothing is read.
 */
final class Shared<T> {
    /**
     * What was read.
     *
     * @param value the newest answer; empty while there was none yet
     * @param at when it was read
     * @param error why a newer one could not be read; empty, too, while the first one is being read
     */
    record Seen<T>(Optional<T> value, Instant at, Optional<String> error) {}

    private final Object turn = new Object();
    private final Supplier<T> reader;
    private final Duration kept;
    private final InstantSource clock;
    private volatile Seen<T> seen;
    private volatile Instant triedAt = Instant.EPOCH;
    private CompletableFuture<Seen<T>> reading = CompletableFuture.completedFuture(null);

    Shared(Supplier<T> reader, Duration kept, InstantSource clock) {
        this.reader = reader;
        this.kept = kept;
        this.clock = clock;
        this.seen = new Seen<>(Optional.empty(), clock.instant(), Optional.empty());
    }

    /** An answer that is this many times as old as it may be is not shown while a newer one is waited for. */
    private static final int MUCH_TOO_OLD = 3;

    /** The answer, read again if it is older than its time. An error keeps the last answer, and is shown beside it. */
    synchronized Seen<T> get() {
        if (!isYoungerThan(kept)) {
            seen = read();
            triedAt = clock.instant();
        }
        return seen;
    }

    /**
     * The same within a time limit: if reading takes longer, the answer is what was read before, or nothing. Reading continues,
     * so that the next caller has its answer. An answer that is hardly too old is given at once.
     */
    Seen<T> getWithin(Duration patience, Executor threads) {
        if (isYoungerThan(kept)) {
            return seen;
        }
        CompletableFuture<Seen<T>> next = reading(threads);
        if (isYoungerThan(kept.multipliedBy(MUCH_TOO_OLD))) {
            return seen;
        }
        try {
            return next.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException later) {
            return seen;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return seen;
        }
    }

    /** The one that goes on, or a new one: while AWS is slow, no thread waits for each who asks. */
    private CompletableFuture<Seen<T>> reading(Executor threads) {
        synchronized (turn) {
            if (reading.isDone()) {
                reading = CompletableFuture.supplyAsync(this::get, threads);
            }
            return reading;
        }
    }

    private boolean isYoungerThan(Duration age) {
        return clock.instant().isBefore(triedAt.plus(age));
    }

    private Seen<T> read() {
        try {
            T value = reader.get();
            return new Seen<>(Optional.of(value), clock.instant(), Optional.empty());
        } catch (GantryException e) {
            return failed(Errors.words(e));
        } catch (Problem e) {
            return failed(e.getMessage());
        }
    }

    private Seen<T> failed(String words) {
        return new Seen<>(seen.value(), seen.at(), Optional.of(words));
    }
}
