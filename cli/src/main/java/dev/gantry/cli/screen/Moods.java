package dev.gantry.cli.screen;

import dev.gantry.cli.terminal.Style;
import dev.gantry.operator.Explanation.Mood;

/** How moods look: a mark, so that nothing depends on colours alone, and a style. */
final class Moods {
    private Moods() {}

    static Style style(Mood mood) {
        return switch (mood) {
            case GOOD -> Style.GOOD;
            case WAITING -> Style.WAITING;
            case BAD -> Style.BAD;
            case UNKNOWN -> Style.DOUBT;
        };
    }

    static String mark(Mood mood) {
        return switch (mood) {
            case GOOD -> "+";
            case WAITING -> "~";
            case BAD -> "!";
            case UNKNOWN -> "?";
        };
    }
}
