package dev.gantry.launch.stay;

import dev.gantry.launch.text.Text;
import java.time.Instant;

/**
 * What keeps a stay from its run, other than a failing bundle; kept in the ledger so that an abandonment at the deadline
 * can say it.
 *
 * @param since when it was seen first
 * @param key what names the trouble each time it shows, whatever its message quotes
 */
public record Trouble(Kind kind, String message, Instant since, String key) {
    private static final int MESSAGE_LIMIT = 500;
    private static final int KEY_LIMIT = 300;

    public Trouble {
        message = Text.clip(message, MESSAGE_LIMIT);
        key = Text.clip(key, KEY_LIMIT);
    }

    /** Trouble that is named by its message alone. */
    public Trouble(Kind kind, String message, Instant since) {
        this(kind, message, since, Text.stable(message));
    }

    /** The same, seen at this time. */
    public Trouble at(Instant time) {
        return new Trouble(kind, message, time, key);
    }

    /** Whether waiting helps, or somebody has to repair something. */
    public enum Kind {
        RETRYABLE,
        MISCONFIGURED
    }

    /** Whether the other one is the same trouble, seen at another time and perhaps told in other words. */
    public boolean isSameAs(Trouble other) {
        return kind == other.kind && key.equals(other.key);
    }
}
