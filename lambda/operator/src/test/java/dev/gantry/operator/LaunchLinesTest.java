package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.Explanation.Deadline;
import dev.gantry.operator.SampleInstances.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the list of launches says about each. */
class LaunchLinesTest {
    private static Evidence sample(String name) {
        return SampleInstances.all().get(name);
    }

    private static LaunchLine line(String name) {
        return LaunchLines.of(sample(name));
    }

    private static Evidence of(String name, int number) {
        Evidence seen = sample(name);
        return new Evidence(
                new InstanceId(String.format("i-%017x", number)),
                seen.now(),
                seen.takeover(),
                seen.place(),
                seen.autoScaling(),
                seen.gantry(),
                seen.systemsManager());
    }

    @Test
    void aLaunchThatWaitsHasItsGateItsDecisionAndItsDeadline() {
        LaunchLine line = line("wait-agent");

        assertEquals(SampleInstances.WEB, line.fleet());
        assertEquals(SampleInstances.INSTANCE, line.instance());
        assertEquals(Optional.of("service"), line.gate());
        assertEquals("Wait:AGENT", line.step());
        assertEquals(Explanation.Mood.WAITING, line.mood());
        assertEquals(Optional.of(SampleInstances.HELD), line.since());
        assertEquals(
                Optional.of(new Deadline(SampleInstances.HELD, SampleInstances.HELD.plus(Duration.ofHours(1)))),
                line.deadline());
        assertEquals(Optional.empty(), line.endedAt());
        assertTrue(line.isOpen());
        assertEquals("held, no run yet", line.spans().get(0).words());
    }

    @Test
    void aLaunchThatEndedHasItsEndAndNoDeadline() {
        LaunchLine line = line("abandoned-run-failed");

        assertEquals("abandoned", line.step());
        assertEquals(Optional.of(SampleInstances.HELD.plusSeconds(187)), line.endedAt());
        assertEquals(Optional.empty(), line.deadline());
        assertFalse(line.isOpen());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            abandoned-run-failed | task 'rtsp_server : Prove that every stream can be played': stream one: nothing listens on the server's port
            abandoned-deadline   | the launch deadline of 3600 s has passed: the SSM agent never registered
            provisioned          | run 1 applied bundle 3f5a90c2d1e4 (run-fmgxkywrjmhz7yfx)
            """)
    void theLastWordsAreTheFailureOrElseTheReason(String sample, String words) {
        assertEquals(words, line(sample).words());
    }

    @Test
    void ifNothingIsDecidedTheStepIsUnknown() {
        assertEquals("unknown", line("unread-agent").step());
        assertEquals(Optional.empty(), line("unread-ledger").gate());
        assertEquals(List.of(), line("unread-ledger").spans());
    }

    @Test
    void thoseThatWaitComeFirstTheOldestOnTop() {
        Evidence late = new Sample()
                .stay(SampleInstances.OPEN.withHeartbeat(SampleInstances.HELD))
                .after(90)
                .evidence();
        Evidence unseen = of("unread-ledger", 5);

        List<LaunchLine> lines = LaunchLines.of(List.of(
                of("provisioned", 1), unseen, of("wait-agent", 4), of("wait-agent", 3), of("abandoned-run-failed", 2)));

        assertEquals(
                List.of(3, 4, 5, 1, 2),
                lines.stream()
                        .map(line -> Integer.parseInt(line.instance().value().substring(2), 16))
                        .toList());
        assertEquals(1, LaunchLines.of(List.of(late)).size());
    }

    @Test
    void aLaunchOfNoFleetIsNoLine() {
        assertEquals(List.of(), LaunchLines.of(List.of(sample("never-no-group"))));
    }

    @Test
    void measuredPhasesArePartOfItsChart() {
        Evidence measured = sample("abandoned-run-failed")
                .with(Map.of(SampleInstances.COMMAND, Map.of("download", Duration.ofSeconds(5))));

        Stream<Span> phases = LaunchLines.of(measured).spans().stream().filter(span -> span.kind() == Span.Kind.PHASE);

        assertEquals(List.of("download", "download"), phases.map(Span::words).toList());
    }
}
