package dev.gantry.cli.console.page;

import dev.gantry.operator.Explanation.Mood;
import dev.gantry.operator.Span;
import dev.gantry.operator.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** How values look in templates. */
public final class Shown {
    private Shown() {}

    /** {@code 12:03:05}. */
    public static String clock(Instant at) {
        return Times.clock(at);
    }

    /** With its day. */
    public static String full(Instant at) {
        return Times.full(at);
    }

    /** {@code 3 m 20 s}. */
    public static String span(Duration time) {
        return Times.span(time);
    }

    /** From one time to another. */
    public static String span(Instant from, Instant to) {
        return span(Duration.between(from, to));
    }

    /** The mood in one word, which is its class in the stylesheet, too. */
    public static String word(Mood mood) {
        return mood.name().toLowerCase(Locale.ROOT);
    }

    /** A shape beside each colour. */
    public static String glyph(Mood mood) {
        return switch (mood) {
            case GOOD -> "●";
            case WAITING -> "◐";
            case BAD -> "▲";
            case UNKNOWN -> "◇";
        };
    }

    /** The same as a path around its centre. */
    public static String shape(Mood mood) {
        return switch (mood) {
            case GOOD -> "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z";
            case WAITING -> "M-4.5-4.5h9v9h-9z";
            case BAD -> "M0-5.5L5.5 4.5H-5.5z";
            case UNKNOWN -> "M0-5.5L5.5 0L0 5.5L-5.5 0z";
        };
    }

    /** The kind's class in the stylesheet. */
    public static String word(Span.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** The value or a dash. */
    public static String orDash(Optional<?> value) {
        return value.map(String::valueOf).orElse("–");
    }

    /** {@code 1 launch}, {@code 2 launches}. */
    public static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
