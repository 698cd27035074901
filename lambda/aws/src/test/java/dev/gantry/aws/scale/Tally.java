package dev.gantry.aws.scale;

import java.util.Map;
import java.util.TreeMap;

/** Calls by service and operation: tries that were accepted, and tries that were throttled. Any thread may count. */
public final class Tally {
    private final Map<String, Integer> accepted = new TreeMap<>();
    private final Map<String, Integer> throttled = new TreeMap<>();

    public synchronized void accepted(String operation) {
        accepted.merge(operation, 1, Integer::sum);
    }

    public synchronized void throttled(String operation) {
        throttled.merge(operation, 1, Integer::sum);
    }

    public synchronized Map<String, Integer> accepted() {
        return Map.copyOf(accepted);
    }

    public synchronized Map<String, Integer> throttled() {
        return Map.copyOf(throttled);
    }

    static int total(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
