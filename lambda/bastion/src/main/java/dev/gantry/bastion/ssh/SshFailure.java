package dev.gantry.bastion.ssh;

/** Why there was no exchange; the message is a sentence for a person. */
public final class SshFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kinds of failure, by what can be done about them. */
    public enum Kind {
        /** There is no answer, or not yet: wait. */
        UNREACHABLE,
        /** The connection ended or timed out during the exchange: ask again; the command may have taken effect. */
        CUT,
        /** The host is not the one that wrote the host keys: somebody has to look. */
        HOST_KEY,
        /** The host refused the key, or what was asked of it: somebody has to look. */
        REFUSED
    }

    private final Kind kind;

    public SshFailure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    SshFailure(Kind kind, String message) {
        this(kind, message, null);
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the same exchange can succeed later without anybody's help. */
    public boolean passes() {
        return kind == Kind.UNREACHABLE || kind == Kind.CUT;
    }
}
