package dev.gantry.aws.fuzz;

import java.util.List;

/**
 * One parser of outside input, and what must hold for every input: a value or the documented error, never another exception.
 *
 * @param name also the name of its corpus, {@code src/test/resources/fuzz/<name>} of its module
 * @param what the input, in a few words for the table
 * @param parsers the classes whose coverage is reported
 */
public record FuzzTarget(String name, String what, List<Class<?>> parsers, Body body) {

    public FuzzTarget {
        parsers = List.copyOf(parsers);
    }

    /** Feeds one input to the parser; any exception, and any error, is a finding. */
    public interface Body {
        void take(byte[] input);
    }
}
