package dev.gantry.launch.port;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.stay.Trouble;
import java.util.Map;

/** Where everything worth knowing is written: one JSON line each. */
public interface Journal {

    /**
     * Writes one line.
     *
     * @param fields of those that the type has; never a secret, never a parameter's value
     */
    void log(EventType type, Map<String, ?> fields);

    /**
     * Writes one line, and pages people about it.
     *
     * @param message one sentence: what, on which resource, why, what to do next
     */
    void page(EventType type, String message, Map<String, ?> fields);

    /**
     * The same for what shows again and again while it lasts: people are told of it at most once in a while, and the rest are
     * lines.
     *
     * @param key equal each time the same thing shows
     */
    default void pageOnce(EventType type, String key, String message, Map<String, ?> fields) {
        page(type, message, fields);
    }

    /**
     * Pages where people have to repair something, and writes a line where the call is simply made again.
     *
     * @param message what it means, with the words for people of the error at its end
     */
    default void pageIfMisconfigured(EventType type, GantryException error, String message, Map<String, ?> fields) {
        if (error.kind() == Trouble.Kind.MISCONFIGURED) {
            page(type, message, fields);
        } else {
            log(type, fields);
        }
    }
}
