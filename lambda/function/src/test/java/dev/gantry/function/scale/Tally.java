package dev.gantry.function.scale;

import java.util.Map;
import java.util.TreeMap;

/** Calls by service and operation: tries that were accepted, and tries that were throttled. */
final class Tally {
    private final Map<String, Integer> accepted = new TreeMap<>();
    private final Map<String, Integer> throttled = new TreeMap<>();

    void accepted(String operation) {
        accepted.merge(operation, 1, Integer::sum);
    }

    void throttled(String operation) {
        throttled.merge(operation, 1, Integer::sum);
    }

    Map<String, Integer> accepted() {
        return Map.copyOf(accepted);
    }

    Map<String, Integer> throttled() {
        return Map.copyOf(throttled);
    }

    int tries() {
        return total(accepted) + total(throttled);
    }

    static int total(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
