package dev.gantry.cli.console.page;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A chart's axis of time, from the beginning of each launch on, in percent of its width. A deadline is mostly far beyond what
 * launches take: then the axis is broken before it, so that both can be seen.
 *
 * @param longest what has to fit, in seconds
 * @param deadline in seconds; empty where none is known
 */
public record Scale(double longest, Optional<Double> deadline) {
    private static final double BEFORE_THE_BREAK = 90;
    private static final double DEADLINE = 96;
    private static final double WHOLE = 100;
    private static final double NEAR_THE_DEADLINE = 65;
    private static final double ROOM = 1.08;
    private static final int FEWEST_TICKS = 4;
    private static final List<Integer> STEPS =
            List.of(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800);

    /** A mark of the axis; {@code look} is its class: every other one has no room on a telephone. */
    public record Tick(String x, String words, String look) {}

    /** The scale that holds these spans of time. */
    public static Scale of(double longest, Optional<Double> deadline) {
        return new Scale(Math.max(10, longest * ROOM), deadline);
    }

    /** Whether the axis is broken between what has happened and the deadline. */
    public boolean isBroken() {
        return deadline.filter(at -> at > longest).isPresent();
    }

    private double linear() {
        return isBroken() ? BEFORE_THE_BREAK : deadline.isPresent() ? DEADLINE : WHOLE;
    }

    private double most() {
        return isBroken() ? longest : Math.max(longest, deadline.orElse(longest));
    }

    /** Where a time is, 0 to 100. */
    public double at(double seconds) {
        return Math.max(0, Math.min(WHOLE, seconds / most() * linear()));
    }

    /** The same as an attribute. */
    public String x(double seconds) {
        return percent(at(seconds));
    }

    /** Where the deadline's line is. */
    public Optional<String> deadlineX() {
        return deadline.map(at -> isBroken() ? percent(DEADLINE) : x(at));
    }

    /** Where the axis is broken. */
    public Optional<String> breakX() {
        return isBroken() ? Optional.of(percent((BEFORE_THE_BREAK + DEADLINE) / 2)) : Optional.empty();
    }

    /** Four to nine marks at round times. */
    public List<Tick> ticks() {
        int step = STEPS.stream()
                .filter(size -> most() / size < 2 * FEWEST_TICKS)
                .findFirst()
                .orElse(86_400);
        List<Tick> ticks = new ArrayList<>();
        for (int seconds = 0; at(seconds) < linear() - 3 && seconds < most(); seconds += step) {
            boolean isDispensable = ticks.size() % 2 == 1 || (isBroken() && at(seconds) > NEAR_THE_DEADLINE);
            String look = isDispensable ? "tick odd" : "tick";
            ticks.add(new Tick(x(seconds), seconds == 0 ? "0" : words(seconds), look));
        }
        return ticks;
    }

    private static String words(int seconds) {
        Duration time = Duration.ofSeconds(seconds);
        return seconds % 3600 == 0
                ? time.toHours() + " h"
                : seconds % 60 == 0 ? time.toMinutes() + " m" : Shown.span(time);
    }

    /** As an attribute; not for negative ones. */
    public static String percent(double value) {
        // Thousands of them are on a page, and String.format takes a hundred times as long.
        long hundredths = Math.round(value * 100);
        long rest = hundredths % 100;
        return hundredths / 100 + (rest < 10 ? ".0" : ".") + rest + "%";
    }
}
