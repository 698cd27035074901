package dev.gantry.sandbox.events;

import java.util.function.Consumer;

/**
 * A rule of the default bus.
 *
 * @param name for example {@code gantry-launch}
 * @param pattern which events it takes
 * @param target gets each of them, as JSON in its envelope: what an SQS target finds in the message's body
 */
public record Rule(String name, EventPattern pattern, Consumer<String> target) {}
