package dev.gantry.sandbox.events;

import java.util.List;
import java.util.function.Consumer;

/**
 * A rule of the default bus.
 *
 * @param name for example {@code gantry-launch}
 * @param pattern which events it takes
 * @param arns of its targets, for ListTargetsByRule
 * @param target gets each of them, as JSON in its envelope: what an SQS target finds in the message's body
 */
public record Rule(String name, EventPattern pattern, List<String> arns, Consumer<String> target) {
    /** One whose targets have no ARN. */
    public Rule(String name, EventPattern pattern, Consumer<String> target) {
        this(name, pattern, List.of(), target);
    }
}
