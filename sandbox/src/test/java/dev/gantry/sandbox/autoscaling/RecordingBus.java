package dev.gantry.sandbox.autoscaling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.events.EventBus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A hand-written bus that records what is put on it. */
final class RecordingBus implements EventBus {
    record Event(String source, String detailType, List<String> resources, ObjectNode detail) {
        String text(String field) {
            return detail.path(field).asText();
        }
    }

    private final List<Event> events = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void put(String source, String detailType, List<String> resources, ObjectNode detail) {
        events.add(new Event(source, detailType, resources, detail));
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    List<String> types() {
        return events().stream().map(Event::detailType).toList();
    }

    List<Event> ofType(String detailType) {
        return events().stream().filter(e -> e.detailType().equals(detailType)).toList();
    }

    Event last(String detailType) {
        List<Event> found = ofType(detailType);
        return found.get(found.size() - 1);
    }
}
