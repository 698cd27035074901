package dev.gantry.operator;

import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.operator.Explanation.Mood;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From a stay to the stretches of its launch, in the order of their beginnings. */
final class Spans {
    private final Stay stay;
    private final Map<String, Map<String, Duration>> phases;
    private final List<Span> spans = new ArrayList<>();

    private Spans(Stay stay, Map<String, Map<String, Duration>> phases) {
        this.stay = stay;
        this.phases = phases;
    }

    /**
     * The stretches.
     *
     * @param phases of runs that the hardened document has measured, by command id
     */
    static List<Span> of(Stay stay, Map<String, Map<String, Duration>> phases) {
        Spans spans = new Spans(stay, phases);
        spans.held();
        for (int i = 0; i < stay.attempts().size(); i++) {
            spans.run(stay.attempts().get(i));
            spans.pauseAfter(i);
        }
        spans.completion();
        return List.copyOf(spans.spans);
    }

    private void held() {
        Optional<Instant> to = stay.attempts().stream()
                .findFirst()
                .map(Attempt::claimedAt)
                .or(() -> stay.closing().map(Closing::decidedAt));
        String words = stay.attempts().isEmpty() ? "held, no run yet" : "held until its agent was online";
        spans.add(new Span(Span.Kind.HELD, stay.openedAt(), to, words, Mood.WAITING));
    }

    private void run(Attempt attempt) {
        Optional<Instant> to =
                attempt.end().map(Attempt.End::at).or(() -> stay.closing().map(Closing::decidedAt));
        String name = "run " + attempt.number() + (attempt.isOverTheBastion() ? ", over the bastion" : "");
        spans.add(new Span(
                Span.Kind.RUN,
                attempt.claimedAt(),
                to,
                name + ": "
                        + attempt.end()
                                .map(Attempt.End::verdict)
                                .map(Spans::words)
                                .orElse("under way"),
                attempt.end().map(Attempt.End::verdict).map(Spans::mood).orElse(Mood.WAITING)));
        attempt.commandId()
                .map(command -> phases.getOrDefault(command, Map.of()))
                .ifPresent(measured -> phases(attempt.claimedAt(), to, measured));
    }

    /** One after the other from the claim on; what is later than the end as Gantry saw it is cut there. */
    private void phases(Instant from, Optional<Instant> end, Map<String, Duration> measured) {
        Instant at = from;
        for (Map.Entry<String, Duration> phase : measured.entrySet()) {
            Instant last = end.orElse(Instant.MAX);
            Instant begin = earlier(at, last);
            Instant to = earlier(begin.plus(phase.getValue()), last);
            spans.add(new Span(Span.Kind.PHASE, begin, Optional.of(to), phase.getKey(), Mood.WAITING));
            at = to;
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private void pauseAfter(int index) {
        Attempt attempt = stay.attempts().get(index);
        boolean isLast = index + 1 == stay.attempts().size();
        if (attempt.isUnderWay() || (isLast && (attempt.succeeded() || !stay.isOpen()))) {
            return;
        }
        Optional<Instant> to = isLast
                ? Optional.empty()
                : Optional.of(stay.attempts().get(index + 1).claimedAt());
        spans.add(new Span(
                Span.Kind.PAUSE, attempt.end().orElseThrow().at(), to, "waits for its next run", Mood.WAITING));
    }

    private void completion() {
        stay.closing().ifPresent(closing -> {
            Instant from = stay.lastAttempt()
                    .flatMap(Attempt::end)
                    .map(Attempt.End::at)
                    .orElse(closing.decidedAt());
            spans.add(new Span(Span.Kind.COMPLETION, from, closing.doneAt(), words(closing), mood(closing)));
        });
    }

    private static String words(Closing closing) {
        String what =
                switch (closing.kind()) {
                    case PROVISIONED -> "ready, and let into service";
                    case OBSERVED -> "let pass: its fleet is only observed";
                    case ABANDONED -> "abandoned";
                    case ELSEWHERE -> "ended without Gantry's word";
                };
        return closing.doneAt().isEmpty() ? what + " (Auto Scaling has not confirmed it yet)" : what;
    }

    private static Mood mood(Closing closing) {
        return switch (closing.kind()) {
            case PROVISIONED, OBSERVED -> Mood.GOOD;
            case ABANDONED -> Mood.BAD;
            case ELSEWHERE -> Mood.UNKNOWN;
        };
    }

    private static String words(Verdict verdict) {
        if (verdict instanceof Verdict.RunFailed failed) {
            return failed.failure().summary();
        } else if (verdict instanceof Verdict.Refused refused) {
            return "refused: " + refused.detail();
        } else if (verdict instanceof Verdict.Undelivered undelivered) {
            return "never got to its end: " + undelivered.detail();
        }
        return "every task succeeded, the readiness check included";
    }

    private static Mood mood(Verdict verdict) {
        return verdict instanceof Verdict.Succeeded ? Mood.GOOD : Mood.BAD;
    }
}
