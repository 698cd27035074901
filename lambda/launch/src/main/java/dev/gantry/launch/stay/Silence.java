package dev.gantry.launch.stay;

import java.time.Duration;
import java.time.Instant;

/**
 * Consecutive looks at a stay in which Systems Manager did not answer. One throttled call is not a silence: only several looks
 * over a minute are. A refusal is an answer.
 *
 * @param since the time of the first of them
 */
public record Silence(int looks, Instant since, Instant last) {
    private static final int LOOKS = 3;
    private static final Duration SPAN = Duration.ofMinutes(1);

    /** The first look without an answer. */
    public static Silence from(Instant now) {
        return new Silence(1, now, now);
    }

    /** One more look without an answer. */
    public Silence goesOn(Instant now) {
        return new Silence(looks + 1, since, now);
    }

    /** Whether there were three looks over at least 60 s. */
    public boolean isProven() {
        return looks >= LOOKS && Duration.between(since, last).compareTo(SPAN) >= 0;
    }
}
