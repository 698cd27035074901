package dev.gantry.operator;

import dev.gantry.launch.error.GantryException;

/** Errors in an operator's words: the functions look again by themselves, a command does not. */
public final class Errors {
    private Errors() {}

    /** What failed, on which resource, why, and what to do. */
    public static String words(GantryException error) {
        return String.valueOf(error.getMessage()).replace("Gantry looks again", "try again");
    }
}
