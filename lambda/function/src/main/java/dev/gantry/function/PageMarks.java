package dev.gantry.function;

import java.time.Instant;

/** How execution environments agree which one pages. */
interface PageMarks {
    /** For a single environment: it asks once for a key and window, and is always the first. */
    PageMarks NONE = (key, window) -> true;

    /**
     * Whether this is the first request for this key in this window.
     *
     * @throws dev.gantry.launch.error.GantryException if that cannot be determined
     */
    boolean isFirst(String key, Instant window);
}
