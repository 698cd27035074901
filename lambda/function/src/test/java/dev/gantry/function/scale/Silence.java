package dev.gantry.function.scale;

import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import java.util.Map;
import java.util.TreeMap;

/** Counts log lines and pages by their type; in a burst in which nothing is wrong there must be no page. */
final class Silence implements Journal {
    private final Map<String, Integer> lines = new TreeMap<>();

    @Override
    public void log(EventType type, Map<String, ?> fields) {
        lines.merge(type.word(), 1, Integer::sum);
    }

    @Override
    public void page(EventType type, String message, Map<String, ?> fields) {
        lines.merge("page:" + type, 1, Integer::sum);
    }

    Map<String, Integer> lines() {
        return Map.copyOf(lines);
    }
}
