package dev.gantry.sandbox.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;

/**
 * How often and when an event reaches a target. The services that Gantry listens to emit on a best-effort basis, so an
 * event may be lost, duplicated, late, or out of order: fault tests choose. Source: EventBridge events reference, "Amazon EC2
 * Auto Scaling" and "AWS Systems Manager": durability best effort.
 */
public interface Delivery {

    /** Once, at once. */
    Delivery ONCE = event -> List.of(Duration.ZERO);

    /** Lost. */
    Delivery LOST = event -> List.of();

    /** The delays after which copies of the event arrive: one for each copy, none for a lost event. */
    List<Duration> of(ObjectNode event);
}
