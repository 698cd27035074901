package dev.gantry.cli.console.page;

import dev.gantry.operator.Explanation.Mood;
import dev.gantry.operator.LaunchLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How long launches took, one dot each: by the time of their end, and by their seconds.
 *
 * @param median of those that succeeded, in words; empty text where there is none
 */
public record Plot(List<Dot> dots, List<Mark> seconds, List<Mark> times, String median) {
    private static final List<Integer> STEPS =
            List.of(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, 86_400);
    private static final double LOWEST = 92;
    private static final double HIGHEST = 6;
    private static final double LEFT = 8;
    private static final double RIGHT = 98;
    private static final int TIMES = 4;

    /** A launch. */
    public record Dot(String x, String y, Mood mood, LaunchLine line, String words) {}

    /** A mark of an axis. */
    public record Mark(String at, String words) {}

    /** The plot of the launches that ended. */
    public static Plot of(List<LaunchLine> launches) {
        List<LaunchLine> ended = launches.stream()
                .filter(line -> line.endedAt().isPresent() && line.since().isPresent())
                .toList();
        if (ended.isEmpty()) {
            return new Plot(List.of(), List.of(), List.of(), "");
        }
        Instant first = ended.stream().map(Plot::end).min(Instant::compareTo).orElseThrow();
        Instant last = ended.stream().map(Plot::end).max(Instant::compareTo).orElseThrow();
        double most = ended.stream().mapToDouble(Plot::took).max().orElse(1);
        int step = STEPS.stream().filter(size -> most / size <= 4).findFirst().orElse(86_400);
        double top = step * Math.max(1, Math.ceil(most / step));
        List<Dot> dots = ended.stream()
                .map(line -> new Dot(x(end(line), first, last), y(took(line), top), line.mood(), line, words(line)))
                .toList();
        return new Plot(dots, seconds(step, top), times(first, last), median(ended));
    }

    private static Instant end(LaunchLine line) {
        return line.endedAt().orElseThrow();
    }

    private static double took(LaunchLine line) {
        return Gantt.seconds(Gantt.took(line, end(line)));
    }

    private static String words(LaunchLine line) {
        return line.instance() + ": " + line.step() + " after " + Shown.span(Gantt.took(line, end(line))) + ", at "
                + Shown.clock(end(line));
    }

    private static String x(Instant at, Instant first, Instant last) {
        double whole = Gantt.seconds(Duration.between(first, last));
        double part = whole == 0 ? 0.5 : Gantt.seconds(Duration.between(first, at)) / whole;
        return Scale.percent(LEFT + part * (RIGHT - LEFT));
    }

    private static String y(double seconds, double top) {
        return Scale.percent(LOWEST - seconds / top * (LOWEST - HIGHEST));
    }

    private static List<Mark> seconds(int step, double top) {
        List<Mark> marks = new ArrayList<>();
        for (int at = 0; at <= top; at += step) {
            marks.add(new Mark(y(at, top), Shown.span(Duration.ofSeconds(at))));
        }
        return marks;
    }

    private static List<Mark> times(Instant first, Instant last) {
        if (first.equals(last)) {
            return List.of(new Mark(x(first, first, last), Shown.clock(first)));
        }
        List<Mark> marks = new ArrayList<>();
        for (int i = 0; i <= TIMES; i++) {
            Instant at = first.plusMillis(Duration.between(first, last).toMillis() * i / TIMES);
            marks.add(new Mark(x(at, first, last), Shown.clock(at)));
        }
        return marks;
    }

    private static String median(List<LaunchLine> ended) {
        double[] good = ended.stream()
                .filter(line -> line.mood() == Mood.GOOD)
                .mapToDouble(Plot::took)
                .sorted()
                .toArray();
        return good.length == 0 ? "" : Shown.span(Duration.ofSeconds(Math.round(good[good.length / 2])));
    }
}
