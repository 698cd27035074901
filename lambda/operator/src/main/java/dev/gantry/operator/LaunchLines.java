package dev.gantry.operator;

import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Stay;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** From evidence to the lines of a list of launches: those that wait first, the oldest of them on top. */
public final class LaunchLines {
    private static final Comparator<LaunchLine> ORDER = Comparator.comparing(LaunchLine::isOpen)
            .reversed()
            .thenComparing(line -> line.endedAt().or(line::since).orElse(Instant.MAX))
            .thenComparing(line -> line.instance().value());

    private LaunchLines() {}

    /** The lines, in order. */
    public static List<LaunchLine> of(List<Evidence> launches) {
        return launches.stream()
                .filter(seen -> seen.gantry().fleet().isPresent())
                .map(LaunchLines::of)
                .sorted(ORDER)
                .toList();
    }

    /** The line of one launch, whose fleet is known. */
    public static LaunchLine of(Evidence seen) {
        Belief belief = Belief.of(seen);
        Explanation explanation = Explainer.explain(seen);
        Optional<Stay> stay = belief.stay();
        Optional<Instant> ended = stay.flatMap(Stay::closedAt);
        return new LaunchLine(
                seen.gantry().fleet().orElseThrow(),
                seen.instance(),
                new LaunchLine.Step(stay.map(s -> s.gate().name().toLowerCase(Locale.ROOT)), step(explanation, stay)),
                explanation.standing().mood(),
                new LaunchLine.Term(stay.map(Stay::openedAt), explanation.deadline(), ended),
                words(explanation, stay),
                stay.map(s -> Spans.of(s, seen.systemsManager().phases())).orElse(List.of()));
    }

    private static String step(Explanation explanation, Optional<Stay> stay) {
        return stay.filter(s -> s.closedAt().isPresent())
                .flatMap(Stay::closing)
                .map(closing -> closing.kind().name().toLowerCase(Locale.ROOT))
                .or(() -> explanation.standing().decision())
                .orElse("unknown");
    }

    private static String words(Explanation explanation, Optional<Stay> stay) {
        boolean failed = stay.flatMap(Stay::closing)
                .filter(closing -> closing.kind() == Closing.Kind.ABANDONED)
                .isPresent();
        return failed
                ? explanation
                        .failure()
                        .map(Failure::summary)
                        .orElse(explanation.standing().why())
                : explanation.standing().why();
    }
}
