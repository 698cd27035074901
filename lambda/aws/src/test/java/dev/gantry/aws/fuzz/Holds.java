package dev.gantry.aws.fuzz;

/** Conditions of targets; their errors say what was true instead. */
public final class Holds {
    private Holds() {}

    public static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    public static void equal(Object expected, Object actual, String what) {
        that(expected.equals(actual), what + ": expected " + expected + ", but it is " + actual);
    }
}
