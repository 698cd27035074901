package dev.gantry.function;

/** Asked by a fleet's alias for something else. */
final class NotAuthorized extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotAuthorized(String message) {
        super(message);
    }
}
