package dev.gantry.cli.console.page;

import dev.gantry.operator.Explanation.Deadline;
import dev.gantry.operator.Explanation.Mood;
import dev.gantry.operator.LaunchLine;
import dev.gantry.operator.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Launches side by side, each from its own beginning. */
public record Gantt(Scale scale, List<Row> rows) {
    /** Thinner ones cannot be seen. */
    private static final double THINNEST = 0.35;

    /**
     * One launch.
     *
     * @param took until its end, or until now
     * @param end where it ended; empty while it is open
     */
    public record Row(LaunchLine line, List<Bar> bars, Duration took, Optional<End> end) {
        /** For those who do not see the bars. */
        public String words() {
            return line.instance() + ": " + line.step() + " after " + Shown.span(took) + ". " + line.words();
        }
    }

    /** A stretch. {@code x} and {@code width} are attributes; {@code look} is the class that it is painted by. */
    public record Bar(Span span, String x, String width, String look, String words) {}

    /** The mark of an end. */
    public record End(String x, Mood mood) {}

    /**
     * The chart of some launches.
     *
     * @param deadline of the fleet's launches, where one is known
     * @param now for those that are under way
     */
    public static Gantt of(List<LaunchLine> lines, Optional<Duration> deadline, Instant now) {
        double longest = lines.stream()
                .mapToDouble(line -> seconds(took(line, now)))
                .max()
                .orElse(0);
        Scale scale = Scale.of(longest, deadline.map(Gantt::seconds));
        return new Gantt(
                scale, lines.stream().map(line -> row(line, scale, now)).toList());
    }

    /** The longest deadline of the launches that have one. */
    public static Optional<Duration> deadline(List<LaunchLine> lines) {
        return lines.stream()
                .flatMap(line -> line.deadline().stream())
                .map(Gantt::whole)
                .max(Duration::compareTo);
    }

    private static Duration whole(Deadline deadline) {
        return Duration.between(deadline.openedAt(), deadline.at());
    }

    /** How long a launch took, or has taken so far. */
    static Duration took(LaunchLine line, Instant now) {
        return line.since()
                .map(since -> Duration.between(since, line.endedAt().orElse(now)))
                .orElse(Duration.ZERO);
    }

    private static Row row(LaunchLine line, Scale scale, Instant now) {
        Optional<Instant> since = line.since();
        List<Bar> bars = since.map(from -> line.spans().stream()
                        .map(span -> bar(span, from, scale, now))
                        .toList())
                .orElse(List.of());
        Optional<End> end = line.endedAt()
                .flatMap(at -> since.map(from -> new End(scale.x(seconds(Duration.between(from, at))), line.mood())));
        return new Row(line, bars, took(line, now), end);
    }

    private static Bar bar(Span span, Instant from, Scale scale, Instant now) {
        Instant to = span.to().orElse(now);
        double x = scale.at(seconds(Duration.between(from, span.from())));
        double end = scale.at(seconds(Duration.between(from, to)));
        String words = span.words() + " (" + Shown.span(Duration.between(span.from(), to)) + ")";
        return new Bar(
                span,
                Scale.percent(x),
                Scale.percent(Math.max(THINNEST, end - x)),
                Shown.word(span.kind()) + " " + Shown.word(span.mood())
                        + (span.to().isEmpty() ? " open" : ""),
                words);
    }

    static double seconds(Duration time) {
        return Math.max(0, time.toMillis() / 1000.0);
    }
}
