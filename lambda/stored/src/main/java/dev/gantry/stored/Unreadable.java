package dev.gantry.stored;

/** Outside input cannot be read; the message names the field and what was expected. */
public final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unreadable(String message) {
        super(message);
    }
}
