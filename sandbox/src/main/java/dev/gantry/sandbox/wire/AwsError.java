package dev.gantry.sandbox.wire;

/**
 * An error as the AWS service would answer it: HTTP status, error code (for example {@code ValidationError}) and message.
 * Thrown by the services, rendered by the protocol that the client spoke.
 */
public final class AwsError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    public AwsError(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /** A client's error: HTTP 400. */
    public static AwsError badRequest(String code, String message) {
        return new AwsError(400, code, message);
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }
}
