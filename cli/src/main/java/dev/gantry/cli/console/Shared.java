package dev.gantry.cli.console;

import dev.gantry.cli.Problem;
import dev.gantry.launch.error.GantryException;
import dev.gantry.operator.Errors;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An answer that all open pages share: however many ask, it is read at most once in its time, and never by two at once. Where
 * nobody asks, nothing is read.
 */
final class Shared<T> {
    /**
     * What was read.
     *
     * @param value the newest answer; empty while there was none yet
     * @param at when it was read
     * @param error why a newer one could not be read
     */
    record Seen<T>(Optional<T> value, Instant at, Optional<String> error) {}

    private final Supplier<T> reader;
    private final Duration kept;
    private final InstantSource clock;
    private Optional<Seen<T>> seen = Optional.empty();
    private Instant triedAt = Instant.MIN;

    Shared(Supplier<T> reader, Duration kept, InstantSource clock) {
        this.reader = reader;
        this.kept = kept;
        this.clock = clock;
    }

    /** The answer, read anew where it is older than its time. An error keeps the last answer, and is told beside it. */
    synchronized Seen<T> get() {
        if (seen.isEmpty() || !clock.instant().isBefore(triedAt.plus(kept))) {
            seen = Optional.of(read());
            triedAt = clock.instant();
        }
        return seen.get();
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
        return new Seen<>(seen.flatMap(Seen::value), seen.map(Seen::at).orElse(clock.instant()), Optional.of(words));
    }
}
