package dev.gantry.sandbox.lambda;

/** All of a function's concurrency is in use: nothing was executed; try again later. */
public final class Throttled extends Exception {
    private static final long serialVersionUID = 1L;

    Throttled(String function, int limit) {
        super("Function " + function + " has " + limit + " executions already, which is all of its concurrency.");
    }
}
