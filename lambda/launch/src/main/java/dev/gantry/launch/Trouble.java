package dev.gantry.launch;

import java.time.Instant;

/**
 * What keeps a stay from its run, other than a failing bundle; kept in the ledger so that an abandonment at the deadline
 * can say it.
 *
 * @param since when it was seen first
 */
public record Trouble(Kind kind, String message, Instant since) {
    private static final int MESSAGE_LIMIT = 500;

    public Trouble {
        message = Text.clip(message, MESSAGE_LIMIT);
    }

    /** Whether waiting helps, or somebody has to repair something. */
    public enum Kind {
        RETRYABLE,
        MISCONFIGURED
    }

    /** Whether the other one is the same trouble, seen at another time. */
    public boolean isSameAs(Trouble other) {
        return kind == other.kind && message.equals(other.message);
    }
}
