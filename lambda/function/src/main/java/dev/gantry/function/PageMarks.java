package dev.gantry.function;

import java.time.Instant;

/** How execution environments agree on who pages. */
interface PageMarks {
    /** For one environment alone: each asks once for a key and window, and is the first. */
    PageMarks NONE = (key, window) -> true;

    /**
     * Whether nobody asked before for this key in this window.
     *
     * @throws dev.gantry.launch.error.GantryException where that cannot be found out
     */
    boolean isFirst(String key, Instant window);
}
