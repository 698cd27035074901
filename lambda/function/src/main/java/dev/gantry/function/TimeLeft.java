package dev.gantry.function;

import java.time.Duration;
import java.time.Instant;

/**
 * The time until which a function may begin work. Lambda kills a function at its timeout; then its messages stay hidden for
 * minutes, and a claim that it has just written must expire first. So the function stops by itself before that.
 */
final class TimeLeft {
    /** The time for a batch's reads and writes, and for throttled calls that the SDK tries three times. */
    private static final Duration RESERVE = Duration.ofSeconds(20);

    private TimeLeft() {}

    /** At least half of the remaining time may be used, whatever the timeout. */
    static Instant until(Instant now, int remainingMillis) {
        return now.plusMillis(Math.max(remainingMillis / 2, remainingMillis - RESERVE.toMillis()));
    }
}
