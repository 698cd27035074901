package dev.gantry.launch.stay;

import java.time.Duration;
import java.time.Instant;

/**
 * Looks at a stay in which Systems Manager did not answer, one after the other. One throttled call is no silence: only several
 * looks, over a while, are. A refusal is an answer.
 *
 * @param since the first of them
 */
public record Silence(int looks, Instant since, Instant last) {
    private static final int LOOKS = 3;
    private static final Duration SPAN = Duration.ofMinutes(1);

    /** The first look without an answer. */
    public static Silence from(Instant now) {
        return new Silence(1, now, now);
    }

    /** One more. */
    public Silence goesOn(Instant now) {
        return new Silence(looks + 1, since, now);
    }

    /** Three looks over at least 60 s. */
    public boolean isProven() {
        return looks >= LOOKS && Duration.between(since, last).compareTo(SPAN) >= 0;
    }
}
