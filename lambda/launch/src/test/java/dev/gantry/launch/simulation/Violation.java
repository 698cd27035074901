package dev.gantry.launch.simulation;

/** An invariant does not hold. An error and no exception, so that nothing in Gantry catches it. */
final class Violation extends Error {
    private static final long serialVersionUID = 1L;

    private final String invariant;

    Violation(String invariant, String message) {
        super(invariant + ": " + message);
        this.invariant = invariant;
    }

    String invariant() {
        return invariant;
    }
}
