package dev.gantry.launch.twin;

import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keeps all lines and pages; a page is a call that can be killed, as the real one is. */
public final class RecordingJournal implements Journal {
    private final Calls calls;
    private final List<Line> lines = new ArrayList<>();

    public RecordingJournal(Calls calls) {
        this.calls = calls;
    }

    /**
     * One line.
     *
     * @param message empty for a line that is no page
     */
    public record Line(String type, boolean isPage, String message, Map<String, Object> fields) {}

    @Override
    public void log(EventType type, Map<String, ?> fields) {
        lines.add(line(type, "", fields));
    }

    @Override
    public void page(EventType type, String message, Map<String, ?> fields) {
        calls.through("journal.page", () -> {
            lines.add(line(type, message, fields));
        });
    }

    private static Line line(EventType type, String message, Map<String, ?> fields) {
        if (!type.fields().containsAll(fields.keySet())) {
            throw new AssertionError(type + " has the fields " + type.fields() + ", and not all of " + fields.keySet());
        }
        return new Line(type.word(), !message.isEmpty(), message, new TreeMap<>(fields));
    }

    public List<Line> lines() {
        return Collections.unmodifiableList(lines);
    }

    public List<Line> lines(String type) {
        return lines.stream().filter(line -> line.type().equals(type)).toList();
    }

    public List<Line> pages() {
        return lines.stream().filter(Line::isPage).toList();
    }
}
