package dev.gantry.sandbox.lambda;

/** Hears what functions write, line by line, as CloudWatch Logs would. Must not block. */
public interface LogListener {

    /** A listener that does not listen. */
    LogListener NONE = (function, line) -> {};

    void line(String function, String line);
}
