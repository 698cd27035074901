package dev.gantry.sandbox.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Where the sandbox gets its time from; tests pass a hand-driven one, so that a heartbeat of 30 s costs no second. */
public interface Timers extends InstantSource {

    /** Runs the task once, after the delay; the handle's {@code run()} cancels it. */
    Runnable after(Duration delay, Runnable task);

    /** The same at a time; at once if it is over: time may pass between a look at the clock and a delay that is computed of it. */
    default Runnable at(Instant due, Runnable task) {
        return after(Duration.between(instant(), due), task);
    }
}
