package dev.gantry.launch.error;

import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.text.Text;
import java.time.Instant;

/** An error of AWS, in our terms: either retrying helps, or somebody has to repair something. It is never a failed run. */
public abstract sealed class GantryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String key;

    private GantryException(String key, String message, Throwable cause) {
        super(message, cause);
        this.key = key;
    }

    /**
     * A stable key of what is wrong: the operation, its resource and the error's code. The message is not stable: it may quote a
     * run, a request, or the number of instances.
     */
    public String key() {
        return key;
    }

    public abstract Trouble.Kind kind();

    /** The trouble to note on a stay. */
    public final Trouble asTrouble(Instant since) {
        return new Trouble(kind(), String.valueOf(getMessage()), since, key);
    }

    /** Throttled, timed out, a server's error: back off and look again. */
    public static final class Retryable extends GantryException {
        private static final long serialVersionUID = 1L;

        public Retryable(String message, Throwable cause) {
            super(Text.stable(message), message, cause);
        }

        @Override
        public Trouble.Kind kind() {
            return Trouble.Kind.RETRYABLE;
        }
    }

    /** A permission, a document, a version, a bundle or a setting is wrong: page somebody, and keep the instances. */
    public static final class Misconfigured extends GantryException {
        private static final long serialVersionUID = 1L;

        public Misconfigured(String message, Throwable cause) {
            super(Text.stable(message), message, cause);
        }

        public Misconfigured(String message) {
            this(message, null);
        }

        /** For errors whose message says more than what is wrong. */
        public Misconfigured(String key, String message, Throwable cause) {
            super(key, message, cause);
        }

        @Override
        public Trouble.Kind kind() {
            return Trouble.Kind.MISCONFIGURED;
        }
    }
}
