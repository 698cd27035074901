package dev.gantry.function;

import java.time.Duration;

/** The launch queue, as far as its handler needs it. Every call may throw a {@link dev.gantry.launch.error.GantryException}. */
interface Messages {

    /** Makes a received message visible again after this long. */
    void hide(String receiptHandle, Duration time);

    /** Sends a message that cannot be read to the dead-letter queue. */
    void bury(String body, String why);

    /** Begins to move the dead-letter queue's messages back to the launch queue; the answer is about how many. */
    int redrive();
}
