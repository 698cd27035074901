package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.operator.Explanation.Deadline;
import dev.gantry.operator.SampleInstances.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvidenceTest {
    private static final Instant HELD = SampleInstances.HELD;

    private static Evidence sample(String name) {
        return SampleInstances.all().get(name);
    }

    @Test
    void evidenceIsWholeUnlessACallFailed() {
        assertTrue(sample("wait-agent").isWhole());
        assertFalse(sample("unread-agent").isWhole());
        assertFalse(sample("unread-ledger").isWhole());
    }

    @Test
    void runsThatEndedHaveOutputOnlyIfTheirCommandIsKnown() {
        Attempt first = SampleInstances.failed(1, 30);
        Attempt lost = Attempt.claimed(2, SampleInstances.RUN, "owner", SampleInstances.BUNDLE, HELD.plusSeconds(120))
                .ended(HELD.plusSeconds(130), new Verdict.Undelivered("never sent"));
        Attempt underWay = Attempt.claimed(
                        3, SampleInstances.RUN, "owner", SampleInstances.BUNDLE, HELD.plusSeconds(140))
                .sent(SampleInstances.COMMAND);

        Evidence seen = new Sample()
                .stay(SampleInstances.OPEN.with(first).with(lost).with(underWay))
                .after(200)
                .evidence();

        assertEquals(List.of(first), seen.endedRuns());
        assertEquals(List.of(), sample("never-just-launched").endedRuns());
    }

    @Test
    void onlyTheHardenedDocumentMeasuresItsPhases() {
        assertTrue(sample("wait-agent").isMeasured());
        assertFalse(sample("abandoned-deadline").isMeasured(), "AWS's document");
        assertFalse(sample("never-no-fleet").isMeasured());
    }

    @Test
    void anExplanationNamesItsInstanceAndWhenItWasLookedAt() {
        Explanation explanation = Explainer.explain(sample("wait-agent"));

        assertEquals(SampleInstances.INSTANCE, explanation.instance());
        assertEquals(Optional.of(SampleInstances.WEB), explanation.fleet());
        assertEquals(Optional.of("Pending:Wait"), explanation.state());
        assertEquals(SampleInstances.LAUNCHED.plusSeconds(250), explanation.now());
    }

    @Test
    void onlyAnInstanceThatWaitsAtItsGateHasADeadline() {
        Deadline deadline = new Deadline(HELD, HELD.plusSeconds(3600));

        assertEquals(
                Optional.of(deadline), Explainer.explain(sample("wait-agent")).deadline());
        assertEquals(Optional.empty(), Explainer.explain(sample("provisioned")).deadline());
        assertEquals(Optional.empty(), Explainer.explain(sample("wait-hook")).deadline(), "it is not held yet");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "900, 0.25", "3600, 1", "4000, 1", "-10, 0"})
    void aDeadlinesShareIsWithinItsTime(int seconds, double share) {
        assertEquals(share, new Deadline(HELD, HELD.plusSeconds(3600)).passed(HELD.plusSeconds(seconds)));
    }

    @Test
    void anAbandonmentsFailureIsTheLastRunsOrTheOneItWasRecordedWith() {
        Closing recorded = Closing.abandoning(
                Cause.BUNDLE_QUARANTINED, "its bundle is bad", Optional.of(SampleInstances.FAILURE), HELD);
        Evidence withoutRun = new Sample()
                .stay(SampleInstances.OPEN.withClosing(recorded.done(HELD)))
                .evidence();

        assertEquals(
                Optional.of(SampleInstances.FAILURE),
                Explainer.explain(sample("abandoned-run-failed")).failure());
        assertEquals(
                Optional.of(SampleInstances.FAILURE),
                Explainer.explain(withoutRun).failure());
        assertEquals(
                Optional.empty(),
                Explainer.explain(sample("abandoned-deadline")).failure());
    }

    @Test
    void aFailureBeforeARunThatSucceededIsInTheStoryAlone() {
        Attempt good = Attempt.claimed(2, SampleInstances.RUN, "owner", SampleInstances.BUNDLE, HELD.plusSeconds(120))
                .ended(HELD.plusSeconds(130), new Verdict.Succeeded());
        Explanation explanation = Explainer.explain(new Sample()
                .stay(SampleInstances.OPEN.with(SampleInstances.failed(1, 30)).with(good))
                .after(140)
                .evidence());

        assertEquals(Optional.empty(), explanation.failure());
        assertTrue(explanation.story().stream().anyMatch(moment -> moment.what().equals("run 1 failed")));
    }

    @Test
    void aLaunchThatWentOnElsewhereHasTheWordsOfItsEndAndNotOfItsFailure() {
        Closing elsewhere = Closing.elsewhere("somebody completed it", HELD.plusSeconds(120));
        LaunchLine line = LaunchLines.of(new Sample()
                .stay(SampleInstances.OPEN.with(SampleInstances.failed(1, 30)).withClosing(elsewhere))
                .after(140)
                .evidence());

        assertEquals("somebody completed it", line.words());
    }
}
