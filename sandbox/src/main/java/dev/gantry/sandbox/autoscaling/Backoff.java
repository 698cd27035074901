package dev.gantry.sandbox.autoscaling;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a group spaces its launches while EC2 refuses them. AWS publishes only that the waits grow, and that
 * after more than 24 h without one success it suspends Launch by itself (AS/as-suspend-resume-processes); the waits
 * here are a guess.
 *
 * @param failures launches that failed in a row
 * @param since when the first of them failed
 * @param until no launch before then
 */
record Backoff(int failures, Optional<Instant> since, Instant until) {
    private static final Duration FIRST = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration PATIENCE = Duration.ofHours(24);

    static final Backoff NONE = new Backoff(0, Optional.empty(), Instant.MIN);

    Backoff failed(Instant now) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(failures, 10));
        Duration wait = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        // Launches that fail in the same look are one failure: they share the reason.
        return now.isBefore(until) ? this : new Backoff(failures + 1, since.or(() -> Optional.of(now)), now.plus(wait));
    }

    boolean exhausted(Instant now) {
        return since.filter(first -> first.plus(PATIENCE).isBefore(now)).isPresent();
    }
}
