package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.id.RunId;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.operator.Explanation.Mood;
import dev.gantry.operator.Span.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpansTest {
    private static final Instant HELD = SampleInstances.HELD;
    private static final String COMMAND = "47fde68e-e8e8-421f-bbb5-895a86cec5d3";
    private static final Stay OPEN = Stay.first(Gate.SERVICE, Optional.empty(), HELD);
    private static final Attempt SENT = Attempt.claimed(
                    1, new RunId("run-fmgxkywrjmhz7yfx"), "owner", SampleInstances.BUNDLE, HELD.plusSeconds(30))
            .sent(COMMAND);
    private static final Verdict FAILED =
            new Verdict.RunFailed(new Failure("runShellScript", Optional.of("a task"), "it failed", 2, ""));

    private static List<Span> of(Stay stay) {
        return Spans.of(stay, Map.of());
    }

    private static List<Kind> kinds(List<Span> spans) {
        return spans.stream().map(Span::kind).toList();
    }

    @Test
    void aLaunchWithoutARunIsHeldUntilNow() {
        assertEquals(List.of(new Span(Kind.HELD, HELD, Optional.empty(), "held, no run yet", Mood.WAITING)), of(OPEN));
    }

    @Test
    void aRunBeginsWithItsClaimAndLasts() {
        List<Span> spans = of(OPEN.with(SENT));

        assertEquals(List.of(Kind.HELD, Kind.RUN), kinds(spans));
        assertEquals(Optional.of(HELD.plusSeconds(30)), spans.get(0).to());
        assertEquals(
                new Span(Kind.RUN, HELD.plusSeconds(30), Optional.empty(), "run 1: under way", Mood.WAITING),
                spans.get(1));
    }

    @Test
    void betweenTwoRunsThereIsAPause() {
        Attempt failed = SENT.ended(HELD.plusSeconds(90), FAILED);
        List<Span> open = of(OPEN.with(failed));
        Attempt second = Attempt.claimed(
                2, new RunId("run-fmgxkywrjmhz7yfy"), "owner", SampleInstances.BUNDLE, HELD.plusSeconds(100));
        List<Span> both = of(OPEN.with(failed).with(second));

        assertEquals(List.of(Kind.HELD, Kind.RUN, Kind.PAUSE), kinds(open));
        assertEquals(Optional.empty(), open.get(2).to());
        assertEquals("run 1: task 'a task': it failed", open.get(1).words());
        assertEquals(List.of(Kind.HELD, Kind.RUN, Kind.PAUSE, Kind.RUN), kinds(both));
        assertEquals(Optional.of(HELD.plusSeconds(100)), both.get(2).to());
    }

    private static Span run(Verdict verdict) {
        return of(OPEN.with(SENT.ended(HELD.plusSeconds(90), verdict))).get(1);
    }

    @Test
    void aRunsWordsAndColourSayHowItEnded() {
        Span good = run(new Verdict.Succeeded());
        assertEquals("run 1: every task succeeded, the readiness check included", good.words());
        assertEquals(Mood.GOOD, good.mood());
        Span refused = run(new Verdict.Refused("AccessDenied"));
        assertEquals("run 1: refused: AccessDenied", refused.words());
        assertEquals(Mood.BAD, refused.mood());
        Span lost = run(new Verdict.Undelivered("DeliveryTimedOut"));
        assertEquals("run 1: never got to its end: DeliveryTimedOut", lost.words());
        assertEquals(Mood.BAD, lost.mood());
    }

    @Test
    void aRunWhoseEndWasNotSeenLastsUntilItsStayEnds() {
        Stay gone = OPEN.with(SENT).withClosing(Closing.elsewhere("the instance is gone", HELD.plusSeconds(70)));

        assertEquals(Optional.of(HELD.plusSeconds(70)), of(gone).get(1).to());
    }

    @Test
    void theEndIsFromTheLastRunUntilItIsAccepted() {
        Stay done = OPEN.with(SENT.ended(HELD.plusSeconds(90), new Verdict.Succeeded()))
                .withClosing(Closing.proceeding(Closing.Kind.PROVISIONED, "run 1 succeeded", HELD.plusSeconds(91))
                        .done(HELD.plusSeconds(92)));

        Span end = of(done).get(2);

        assertEquals(Kind.COMPLETION, end.kind());
        assertEquals(HELD.plusSeconds(90), end.from());
        assertEquals(Optional.of(HELD.plusSeconds(92)), end.to());
        assertEquals(Mood.GOOD, end.mood());
    }

    @Test
    void anAbandonmentThatIsNotConfirmedSaysSo() {
        Stay lost = OPEN.withClosing(Closing.abandoning(
                Cause.LAUNCH_DEADLINE, "its time is over", Optional.empty(), HELD.plusSeconds(3600)));

        List<Span> spans = of(lost);

        assertEquals(Optional.of(HELD.plusSeconds(3600)), spans.get(0).to());
        assertTrue(spans.get(1).words().contains("not confirmed"), spans.toString());
        assertEquals(Mood.BAD, spans.get(1).mood());
    }

    @Test
    void phasesFollowEachOtherWithinTheirRun() {
        Map<String, Duration> measured = new LinkedHashMap<>();
        measured.put("download", Duration.ofSeconds(5));
        measured.put("playbook", Duration.ofSeconds(500));
        List<Span> spans = Spans.of(
                OPEN.with(SENT.ended(HELD.plusSeconds(90), new Verdict.Succeeded())), Map.of(COMMAND, measured));

        List<Span> phases =
                spans.stream().filter(span -> span.kind() == Kind.PHASE).toList();
        assertEquals(
                List.of("download", "playbook"),
                phases.stream().map(Span::words).toList());
        assertEquals(HELD.plusSeconds(35), phases.get(1).from());
        assertEquals(Optional.of(HELD.plusSeconds(90)), phases.get(1).to(), "cut at the end that Gantry saw");
    }
}
