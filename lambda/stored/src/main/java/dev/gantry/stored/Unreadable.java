package dev.gantry.stored;

/** Something from outside cannot be read; the message names the field and what was expected of it. */
public final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unreadable(String message) {
        super(message);
    }
}
