package dev.gantry.launch.port;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.stay.Trouble;
import java.util.Map;

/** The structured log: one JSON line for each event. */
public interface Journal {

    /**
     * Writes one line.
     *
     * @param fields some of the type's fields; never a secret, never a parameter's value
     */
    void log(EventType type, Map<String, ?> fields);

    /**
     * Writes one line, and pages people about it.
     *
     * @param message one sentence: what, on which resource, why, what to do next
     */
    void page(EventType type, String message, Map<String, ?> fields);

    /**
     * The same for a condition that repeats while it lasts: it is paged at a limited rate, and the rest are lines.
     *
     * @param key equal for each repetition of the same condition
     */
    default void pageOnce(EventType type, String key, String message, Map<String, ?> fields) {
        page(type, message, fields);
    }

    /**
     * Pages if people have to repair something; writes a line if the call is simply retried.
     *
     * @param message what it means; it ends with the error's text for people
     */
    default void pageIfMisconfigured(EventType type, GantryException error, String message, Map<String, ?> fields) {
        if (error.kind() == Trouble.Kind.MISCONFIGURED) {
            page(type, message, fields);
        } else {
            log(type, fields);
        }
    }
}
