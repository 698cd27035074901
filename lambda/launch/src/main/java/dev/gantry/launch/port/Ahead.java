package dev.gantry.launch.port;

import java.util.function.Supplier;

/** Starts reads whose answers are wanted soon, so that they do not wait for each other. */
public interface Ahead {
    /** Reads when the answer is asked for, and not before: one read after another. */
    Ahead NEVER = new Ahead() {
        @Override
        public <T> Supplier<T> start(Supplier<T> reading) {
            return reading;
        }
    };

    /**
     * Starts a read that changes nothing; whether its answer is ever asked for is open.
     *
     * @return the answer, once; asking for it waits for it, and throws what the reading threw
     */
    <T> Supplier<T> start(Supplier<T> reading);
}
