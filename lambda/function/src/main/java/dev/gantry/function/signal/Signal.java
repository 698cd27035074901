package dev.gantry.function.signal;

import dev.gantry.launch.reconcile.Look;

/** The content of one message of the launch queue. It is never trusted for more than "look at this instance". */
public sealed interface Signal {

    /** The launch hook holds an instance; this message waits until the agent's deadline. */
    record Launching(Look look) implements Signal {}

    /** Look at an instance: its run has ended, its agent has registered, or EC2 takes it back. The message is handled after three looks. */
    record LookAt(Look look) implements Signal {}

    /** A whole command has ended: look at each of its instances. */
    record CommandEnded(String commandId) implements Signal {}

    /** A known message that needs no action: a hook's test notification, an event of another kind. */
    record Nothing(String why) implements Signal {}

    /**
     * Cannot be read: goes to the dead-letter queue with the reason.
     *
     * @param kind in Gantry's own words, so that messages of one kind can be counted together
     * @param why may quote the message
     */
    record Malformed(Kind kind, String why) implements Signal {

        /** What is wrong with a message that cannot be read. */
        public enum Kind {
            NOT_JSON,
            NOT_AN_OBJECT,
            WRONG_FIELD,
            ANOTHER_INSTANCE,
            /** Gantry failed on it unexpectedly. */
            DEFECT
        }
    }
}
