package dev.gantry.cli.console;

import static dev.gantry.cli.console.SampleWorld.NOW;
import static dev.gantry.cli.console.SampleWorld.WEB;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.Explanation.Deadline;
import dev.gantry.operator.Explanation.Moment;
import dev.gantry.operator.Explanation.Mood;
import dev.gantry.operator.Explanation.NextStep;
import dev.gantry.operator.LaunchLine;
import dev.gantry.operator.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Launches of every kind, for {@link SampleWorld}. */
final class Launches {
    private static final int DEADLINE = 3600;

    private Launches() {}

    static LaunchLine held(InstanceId id, int ago) {
        Instant from = NOW.minusSeconds(ago);
        return open(
                id,
                from,
                "Wait:AGENT",
                Mood.WAITING,
                "the SSM agent has not registered yet",
                List.of(span(Span.Kind.HELD, from, -1, "held, no run yet", Mood.WAITING)));
    }

    static LaunchLine running(InstanceId id, int ago) {
        Instant from = NOW.minusSeconds(ago);
        return open(
                id,
                from,
                "Wait:RUN",
                Mood.WAITING,
                "run 1 is under way",
                List.of(
                        span(Span.Kind.HELD, from, 31, "held until its agent was online", Mood.WAITING),
                        span(Span.Kind.RUN, from.plusSeconds(31), -1, "run 1: under way", Mood.WAITING)));
    }

    static LaunchLine retrying(InstanceId id, int ago) {
        Instant from = NOW.minusSeconds(ago);
        List<Span> spans = new ArrayList<>(List.of(
                span(Span.Kind.HELD, from, 40, "held until its agent was online", Mood.WAITING),
                span(Span.Kind.RUN, from.plusSeconds(40), 170, "run 1: " + SampleWorld.FAILURE.summary(), Mood.BAD)));
        spans.addAll(phases(from.plusSeconds(40), 170));
        spans.add(span(Span.Kind.PAUSE, from.plusSeconds(210), 60, "waits for its next run", Mood.WAITING));
        spans.add(span(Span.Kind.RUN, from.plusSeconds(270), -1, "run 2: under way", Mood.WAITING));
        return open(id, from, "Wait:RUN", Mood.WAITING, "run 2 is under way, after run 1 failed", spans);
    }

    static LaunchLine misconfigured(InstanceId id, int ago) {
        Instant from = NOW.minusSeconds(ago);
        return open(
                id,
                from,
                "Wait:MISCONFIGURED",
                Mood.BAD,
                "run 1 was refused: AccessDenied: the instance's role may not read"
                        + " s3://gantry-sample/bundles/web/9b1c77e0a4d2.zip; give it s3:GetObject below bundles/web/",
                List.of(
                        span(Span.Kind.HELD, from, 35, "held until its agent was online", Mood.WAITING),
                        span(Span.Kind.RUN, from.plusSeconds(35), 12, "run 1: refused: AccessDenied", Mood.BAD),
                        span(Span.Kind.PAUSE, from.plusSeconds(47), -1, "waits for a repair", Mood.WAITING)));
    }

    private static LaunchLine open(
            InstanceId id, Instant from, String step, Mood mood, String words, List<Span> spans) {
        return new LaunchLine(
                WEB,
                id,
                new LaunchLine.Step(Optional.of("service"), step),
                mood,
                new LaunchLine.Term(
                        Optional.of(from),
                        Optional.of(new Deadline(from, from.plusSeconds(DEADLINE))),
                        Optional.empty()),
                words,
                spans);
    }

    static LaunchLine provisioned(InstanceId id, int ago, int took) {
        Instant from = NOW.minusSeconds(ago + (long) took);
        int held = 22 + took % 13;
        List<Span> spans = new ArrayList<>(List.of(
                span(Span.Kind.HELD, from, held, "held until its agent was online", Mood.WAITING),
                span(
                        Span.Kind.RUN,
                        from.plusSeconds(held),
                        took - held - 2,
                        "run 1: every task succeeded, the readiness check included",
                        Mood.GOOD)));
        spans.addAll(phases(from.plusSeconds(held), took - held - 2));
        spans.add(span(Span.Kind.COMPLETION, from.plusSeconds(took - 2L), 2, "ready, and let into service", Mood.GOOD));
        return ended(WEB, id, from, took, "provisioned", Mood.GOOD, "run 1 succeeded with the fleet's bundle", spans);
    }

    static LaunchLine abandoned(InstanceId id, int ago, int took) {
        Instant from = NOW.minusSeconds(ago + (long) took);
        int half = (took - 34) / 2;
        List<Span> spans = new ArrayList<>(List.of(
                span(Span.Kind.HELD, from, 28, "held until its agent was online", Mood.WAITING),
                span(Span.Kind.RUN, from.plusSeconds(28), half, "run 1: " + SampleWorld.FAILURE.summary(), Mood.BAD)));
        spans.addAll(phases(from.plusSeconds(28), half));
        spans.add(span(Span.Kind.PAUSE, from.plusSeconds(28L + half), 5, "waits for its next run", Mood.WAITING));
        spans.add(span(
                Span.Kind.RUN,
                from.plusSeconds(33L + half),
                half,
                "run 2: " + SampleWorld.FAILURE.summary(),
                Mood.BAD));
        spans.addAll(phases(from.plusSeconds(33L + half), half));
        spans.add(span(Span.Kind.COMPLETION, from.plusSeconds(took - 1L), 1, "abandoned", Mood.BAD));
        FleetName fleet = ago > 700 && took > 170 ? SampleWorld.STOPPED : WEB;
        return ended(fleet, id, from, took, "abandoned", Mood.BAD, SampleWorld.FAILURE.summary(), spans);
    }

    private static LaunchLine ended(
            FleetName fleet,
            InstanceId id,
            Instant from,
            int took,
            String step,
            Mood mood,
            String words,
            List<Span> spans) {
        return new LaunchLine(
                fleet,
                id,
                new LaunchLine.Step(Optional.of("service"), step),
                mood,
                new LaunchLine.Term(Optional.of(from), Optional.empty(), Optional.of(from.plusSeconds(took))),
                words,
                spans);
    }

    /** As the hardened document measures them. */
    private static List<Span> phases(Instant from, int took) {
        int download = Math.max(1, took / 12);
        int dependencies = Math.max(1, took / 5);
        return List.of(
                span(Span.Kind.PHASE, from, download, "download", Mood.WAITING),
                span(Span.Kind.PHASE, from.plusSeconds(download), dependencies, "dependencies", Mood.WAITING),
                span(
                        Span.Kind.PHASE,
                        from.plusSeconds((long) download + dependencies),
                        took - download - dependencies,
                        "playbook",
                        Mood.WAITING));
    }

    /** Negative seconds mean that it lasts. */
    private static Span span(Span.Kind kind, Instant from, int seconds, String words, Mood mood) {
        return new Span(
                kind, from, seconds < 0 ? Optional.empty() : Optional.of(from.plusSeconds(seconds)), words, mood);
    }

    static String headline(LaunchLine line) {
        return switch (line.step()) {
            case "provisioned" -> "was let into service";
            case "abandoned" -> "was abandoned";
            case "Wait:AGENT" -> "waits for its SSM agent";
            case "Wait:MISCONFIGURED" -> "waits for a repair";
            default -> "waits for its run to end";
        };
    }

    static List<Moment> story(LaunchLine line) {
        List<Moment> story = new ArrayList<>();
        Instant since = line.since().orElseThrow();
        story.add(new Moment(Optional.of(since.minusSeconds(6)), "launched", "by Auto Scaling", Mood.GOOD));
        story.add(new Moment(
                Optional.of(since), "held", "first seen at the service gate, hook gantry, stay 1", Mood.GOOD));
        line.spans().stream()
                .filter(span -> span.kind() == Span.Kind.RUN)
                .forEach(span -> story.add(new Moment(Optional.of(span.from()), "run", span.words(), span.mood())));
        line.endedAt()
                .ifPresent(at -> story.add(new Moment(
                        Optional.of(at),
                        line.mood() == Mood.GOOD ? "let go" : "abandoned",
                        line.words(),
                        line.mood())));
        return story;
    }

    static List<NextStep> next(LaunchLine line) {
        if (line.mood() == Mood.GOOD) {
            return List.of(new NextStep("Nothing.", Optional.empty()));
        } else if (!line.isOpen()) {
            return List.of(
                    new NextStep(
                            "Read the whole output; Systems Manager keeps it for 30 days.",
                            Optional.of(
                                    "aws ssm get-command-invocation --command-id 47fde68e-e8e8-421f-bbb5-895a86cec5d3"
                                            + " --instance-id " + line.instance() + " --plugin-name runShellScript")),
                    new NextStep(
                            "Fix the playbook, and publish it: the group's next launch takes it.",
                            Optional.of("gantry publish web --tree ansible --env prod")));
        }
        return List.of(
                new NextStep("Follow it here, or in a terminal.", Optional.of("gantry explain " + line.instance())));
    }
}
