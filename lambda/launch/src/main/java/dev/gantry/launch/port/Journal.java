package dev.gantry.launch.port;

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
}
