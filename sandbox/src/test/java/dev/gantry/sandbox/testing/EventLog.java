package dev.gantry.sandbox.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.events.EventBus;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A double of {@link EventBus} that keeps what was put. */
public final class EventLog implements EventBus {
    private final List<Event> events = new CopyOnWriteArrayList<>();

    /** One event as it was put. */
    public record Event(String source, String detailType, List<String> resources, ObjectNode detail) {}

    @Override
    public void put(String source, String detailType, List<String> resources, ObjectNode detail) {
        events.add(new Event(source, detailType, resources, detail));
    }

    public List<Event> ofType(String detailType) {
        return events.stream()
                .filter(event -> event.detailType().equals(detailType))
                .toList();
    }
}
