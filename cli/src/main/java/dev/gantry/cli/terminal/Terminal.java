package dev.gantry.cli.terminal;

import java.util.Map;
import java.util.Optional;

/**
 * What a screen is printed to.
 *
 * @param columns its width; what is no terminal has {@link #WIDE}
 * @param colours only on a terminal, and never with NO_COLOR (no-color.org) or TERM=dumb
 */
public record Terminal(boolean isTerminal, int columns, boolean colours) {
    /** For files and pipes: nothing there wraps lines again. */
    public static final int WIDE = 120;

    /** Below this nothing would be legible. */
    private static final int NARROWEST = 40;

    /** As the launcher found it: {@code GANTRY_TERMINAL} is the width in columns where the output is a terminal. */
    public static Terminal of(Map<String, String> environment) {
        Optional<Integer> columns = Optional.ofNullable(environment.get("GANTRY_TERMINAL"))
                .filter(text -> text.matches("[1-9][0-9]{0,4}"))
                .map(Integer::valueOf);
        boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Terminal(
                columns.isPresent(), Math.max(NARROWEST, columns.orElse(WIDE)), columns.isPresent() && !plain);
    }
}
