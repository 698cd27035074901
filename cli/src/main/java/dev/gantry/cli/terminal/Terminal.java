package dev.gantry.cli.terminal;

import java.util.Map;
import java.util.Optional;

/**
 * What a screen is printed to.
 *
 * @param columns its width; what is no terminal has {@link #WIDE}
 * @param rows its height
 * @param colours only on a terminal, and never with NO_COLOR (no-color.org) or TERM=dumb
 */
public record Terminal(boolean isTerminal, int columns, int rows, boolean colours) {
    /** For files and pipes: nothing there wraps lines again. */
    public static final int WIDE = 120;

    /** Below this nothing would be legible. */
    private static final int NARROWEST = 40;

    private static final int USUAL_ROWS = 24;

    /** A terminal of the usual height. */
    public Terminal(boolean isTerminal, int columns, boolean colours) {
        this(isTerminal, columns, USUAL_ROWS, colours);
    }

    /** As the launcher found it: {@code GANTRY_TERMINAL} is {@code COLUMNSxROWS} where the output is a terminal. */
    public static Terminal of(Map<String, String> environment) {
        String[] size = environment.getOrDefault("GANTRY_TERMINAL", "").split("x", -1);
        Optional<Integer> columns = number(size[0]);
        int rows = size.length > 1 ? number(size[1]).orElse(USUAL_ROWS) : USUAL_ROWS;
        boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Terminal(
                columns.isPresent(), Math.max(NARROWEST, columns.orElse(WIDE)), rows, columns.isPresent() && !plain);
    }

    private static Optional<Integer> number(String text) {
        return Optional.of(text)
                .filter(digits -> digits.matches("[1-9][0-9]{0,4}"))
                .map(Integer::valueOf);
    }
}
