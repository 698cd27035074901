package dev.gantry.sandbox.ssm;

/**
 * MaxConcurrency and MaxErrors: a number, or a percentage of the targets. Concurrency is never less than one.
 *
 * @param text for example {@code 50} or {@code 10%}
 */
record Rate(String text) {

    int of(int targets) {
        if (text.endsWith("%")) {
            return (int) ((long) targets * Integer.parseInt(text.substring(0, text.length() - 1)) / 100);
        }
        return Integer.parseInt(text);
    }
}
