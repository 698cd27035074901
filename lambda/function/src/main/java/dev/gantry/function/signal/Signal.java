package dev.gantry.function.signal;

import dev.gantry.launch.reconcile.Look;

/** What one message of the launch queue says. Never trusted for more than "look at this instance". */
public sealed interface Signal {

    /** The launch hook holds an instance; this message waits until the agent's deadline. */
    record Launching(Look look) implements Signal {}

    /** Look at an instance: its run has ended, or its agent has registered. Three looks, then it is done with. */
    record LookAt(Look look) implements Signal {}

    /** A whole command has ended: look at each of its instances. */
    record CommandEnded(String commandId) implements Signal {}

    /** Known, and nothing to do: a hook's test notification, an event of another kind. */
    record Nothing(String why) implements Signal {}

    /** Cannot be read: goes to the dead-letter queue with the reason. */
    record Malformed(String why) implements Signal {}
}
