package dev.gantry.launch.fleet;

import java.time.Duration;
import java.time.Instant;

/**
 * Whether a fleet's runs may go over the bastion when Systems Manager cannot carry them.
 *
 * @param after for this long from the beginning of a stay only Systems Manager is tried; 1 s or more, and zero only if the
 *     fallback is never used
 */
public record Fallback(Use use, Duration after) {

    /**
     * What a run over the bastion takes beyond its own time: a message to begin it, one more if the first is lost (a minute),
     * and one to learn its end, each with an exchange of at most 20 s.
     */
    public static final Duration EXCHANGES = Duration.ofMinutes(2);

    /** The fallback of a fleet whose settings do not set it. */
    public static final Fallback NEVER = new Fallback(Use.NEVER, Duration.ZERO);

    /** When the other channel is taken. */
    public enum Use {
        NEVER,
        /** The agent never came online, Systems Manager does not answer, or a command was never delivered. */
        WHEN_UNREACHABLE
    }

    public Fallback {
        if (use == Use.WHEN_UNREACHABLE && after.toSeconds() < 1) {
            throw new IllegalArgumentException("fallback.afterSeconds must be 1 or more, not " + after.toSeconds());
        } else if (use == Use.NEVER && !after.isZero()) {
            throw new IllegalArgumentException(
                    "fallback.afterSeconds has no meaning where fallback.use is never: leave it out");
        }
    }

    /** Uses the bastion if Systems Manager has not carried a run by then. */
    public static Fallback whenUnreachable(Duration after) {
        return new Fallback(Use.WHEN_UNREACHABLE, after);
    }

    public boolean isUsed() {
        return use != Use.NEVER;
    }

    /** Whether the time of Systems Manager alone is over for a stay that began at {@code opened}. */
    public boolean isDue(Instant opened, Instant now) {
        return isUsed() && !now.isBefore(opened.plus(after));
    }
}
