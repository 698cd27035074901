package dev.gantry.sandbox;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Mappings, schedules and rules that are at work as they were described; in each round those that are not found end. */
final class AtWork {
    private final Map<String, Part> parts = new HashMap<>();
    private final Set<String> found = new HashSet<>();

    private record Part(String described, AutoCloseable end) {}

    /** Begins a part, and answers what ends it. */
    interface Start {
        AutoCloseable begin();
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    void beginRound() {
        found.clear();
    }

    /** Goes on if it is described as before; otherwise it ends, and begins anew. */
    void keep(String key, String described, Start start) {
        Part before = parts.get(key);
        if (before == null || !before.described().equals(described)) {
            end(key);
            parts.put(key, new Part(described, start.begin()));
        }
        found.add(key);
    }

    void endRound() {
        List.copyOf(parts.keySet()).stream().filter(key -> !found.contains(key)).forEach(this::end);
    }

    /** Ends those whose key begins so; all for an empty text. */
    void endAll(String prefix) {
        List.copyOf(parts.keySet()).stream()
                .filter(key -> key.startsWith(prefix))
                .forEach(this::end);
    }

    private void end(String key) {
        Part ended = parts.remove(key);
        if (ended != null) {
            try {
                ended.end().close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot end " + key, e);
            }
        }
    }
}
