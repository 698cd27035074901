package dev.gantry.cli.bundle;

import java.util.Map;
import java.util.TreeMap;

/**
 * The names that are read, with those below each.
 *
 * @param below empty map for a value below which anything may stand
 */
record Names(Map<String, Names> below) {
    /** A value whose parts are not checked. */
    static final Names ANYTHING = new Names(Map.of());

    Names {
        below = new TreeMap<>(below);
    }

    boolean isAnything() {
        return below.isEmpty();
    }
}
