package dev.gantry.function;

import java.time.Duration;
import java.time.Instant;

/**
 * Until when a function may begin something. Lambda ends a function at its timeout in the middle of whatever it does; then its
 * messages stay hidden for minutes, and a claim that it had just written has to grow old first. So it stops by itself.
 */
final class TimeLeft {
    /** A batch's reads and writes, and calls that the SDK tries three times because they are throttled. */
    private static final Duration RESERVE = Duration.ofSeconds(20);

    private TimeLeft() {}

    /** At least half of what is left may be used, whatever the timeout. */
    static Instant until(Instant now, int remainingMillis) {
        Duration left = Duration.ofMillis(remainingMillis);
        Duration used = left.minus(RESERVE);
        return now.plus(used.compareTo(left.dividedBy(2)) < 0 ? left.dividedBy(2) : used);
    }
}
