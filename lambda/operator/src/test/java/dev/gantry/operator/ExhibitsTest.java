package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.stay.Closing;
import dev.gantry.operator.Explanation.Exhibit;
import dev.gantry.operator.SampleInstances.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where an operator can check an explanation. */
class ExhibitsTest {
    private static final String FAILURE =
            "s3://gantry-bucket/failures/web/" + SampleInstances.BUNDLE.sha256() + "/i-0123456789abcdef0-1.json";

    private static List<Exhibit> of(String sample) {
        return Explainer.explain(SampleInstances.all().get(sample)).evidence();
    }

    private static List<String> labels(List<Exhibit> exhibits) {
        return exhibits.stream().map(Exhibit::label).toList();
    }

    private static String text(List<Exhibit> exhibits, String label) {
        return exhibits.stream()
                .filter(exhibit -> exhibit.label().equals(label))
                .map(Exhibit::text)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anAbandonmentsLedgerCommandRunAndFailureAreNamed() {
        List<Exhibit> exhibits = of("abandoned-run-failed");

        assertEquals(
                List.of("ledger", "command", "run, bundle", "failure", "log query", "log groups"), labels(exhibits));
        assertEquals("s3://gantry-bucket/launches/web/i-0123456789abcdef0.json", text(exhibits, "ledger"));
        assertEquals(SampleInstances.COMMAND, text(exhibits, "command"));
        assertEquals("run-fmgxkywrjmhz7yfx, " + SampleInstances.BUNDLE.sha256(), text(exhibits, "run, bundle"));
        assertEquals(FAILURE, text(exhibits, "failure"));
    }

    @Test
    void logsCanBeSearchedForEveryInstance() {
        List<Exhibit> exhibits = of("never-no-group");

        assertEquals(List.of("log query", "log groups"), labels(exhibits));
        assertTrue(text(exhibits, "log query").contains("\"i-0123456789abcdef0\""));
        assertEquals("/aws/lambda/gantry-launch-queue, /aws/lambda/gantry-sweep", text(exhibits, "log groups"));
    }

    /** The failure is written when its end is decided, and the diagnostics by the hardened document alone. */
    @Test
    void nothingIsNamedThatDoesNotExist() {
        assertFalse(labels(of("wait-backoff")).contains("failure"), "its end is not decided");
        assertFalse(labels(of("abandoned-run-failed")).contains("diagnostics"), "AWS's document leaves none");
        assertFalse(labels(of("wait-agent")).contains("diagnostics"), "no run began");
        assertFalse(labels(of("wait-claim")).contains("command"), "none is known");
        assertFalse(labels(of("never-just-launched")).contains("ledger"), "there is no record");
        assertFalse(labels(of("provisioned")).contains("failure"), "no run failed");
    }

    @Test
    void theHardenedDocumentsDiagnosticsAreNamed() {
        assertEquals("s3://gantry-bucket/diagnostics/web/ (by instance ARN)", text(of("wait-backoff"), "diagnostics"));
    }

    @Test
    void anEarlierFailureIsNamedOfALaunchThatWentOnOtherwise() {
        var stay = SampleInstances.OPEN
                .with(SampleInstances.failed(1, 30))
                .withClosing(Closing.elsewhere("somebody completed it", SampleInstances.HELD.plusSeconds(120)));

        List<Exhibit> exhibits =
                Explainer.explain(new Sample().stay(stay).after(200).evidence()).evidence();

        assertEquals(FAILURE, text(exhibits, "failure"));
    }
}
