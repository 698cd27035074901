package dev.gantry.system.e2e;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.events.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Delivers each group's events as its test wants them, and keeps them all. */
public final class Deliveries implements Delivery {
    private final Function<String, Optional<String>> groupOfInstance;
    private final Map<String, Delivery> ways = new ConcurrentHashMap<>();
    private final Map<String, List<String>> events = new ConcurrentHashMap<>();

    Deliveries(Function<String, Optional<String>> groupOfInstance) {
        this.groupOfInstance = groupOfInstance;
    }

    @Override
    public List<Duration> of(ObjectNode event) {
        String group = group(event).orElse("");
        events.computeIfAbsent(group, g -> new CopyOnWriteArrayList<>()).add(event.toString());
        return ways.getOrDefault(group, Delivery.ONCE).of(event);
    }

    /** Only events that a rule has matched are asked about: those of the launch hook, and of commands. */
    private Optional<String> group(ObjectNode event) {
        String named = event.path("detail").path("AutoScalingGroupName").asText();
        String arn = event.path("resources").path(0).asText();
        return named.isEmpty() ? groupOfInstance.apply(arn.substring(arn.indexOf('/') + 1)) : Optional.of(named);
    }

    public void deliver(String group, Delivery way) {
        ways.put(group, way);
    }

    /** The group's launch events are lost; what Systems Manager says arrives. */
    public void loseLaunches(String group) {
        deliver(
                group,
                event -> event.path("source").asText().equals("aws.autoscaling") ? List.of() : List.of(Duration.ZERO));
    }

    /** The group's events so far, delivered or lost. */
    public List<String> of(String group) {
        return List.copyOf(events.getOrDefault(group, List.of()));
    }
}
