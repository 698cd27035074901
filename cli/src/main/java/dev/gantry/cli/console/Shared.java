package dev.gantry.cli.console;

import dev.gantry.cli.Problem;
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

    private final Supplier<T> reader;
    private final Duration kept;
    private final InstantSource clock;
    private volatile Seen<T> seen;
    private volatile Instant triedAt = Instant.EPOCH;

    Shared(Supplier<T> reader, Duration kept, InstantSource clock) {
        this.reader = reader;
        this.kept = kept;
        this.clock = clock;
        this.seen = new Seen<>(Optional.empty(), clock.instant(), Optional.empty());
    }

    /** The answer, read again if it is older than its time. An error keeps the last answer, and is shown beside it. */
    synchronized Seen<T> get() {
        if (!isFresh()) {
            seen = read();
            triedAt = clock.instant();
        }
        return seen;
    }

    /**
     * The same within a time limit: if reading takes longer, the answer is what was read before, or nothing. Reading continues,
     * so that the next caller has its answer.
     */
    Seen<T> getWithin(Duration patience, Executor threads) {
        if (isFresh()) {
            return seen;
        }
        try {
            return CompletableFuture.supplyAsync(this::get, threads).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException later) {
            return seen;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return seen;
        }
    }

    private boolean isFresh() {
        return clock.instant().isBefore(triedAt.plus(kept));
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
