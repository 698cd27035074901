package dev.gantry.sandbox.time;

import java.time.Duration;
import java.time.InstantSource;

/** Where the sandbox gets its time from; tests pass a hand-driven one, so that a heartbeat of 30 s costs no second. */
public interface Timers extends InstantSource {

    /** Runs the task once, after the delay; the handle's {@code run()} cancels it. */
    Runnable after(Duration delay, Runnable task);
}
