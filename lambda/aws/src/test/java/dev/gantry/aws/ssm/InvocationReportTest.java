package dev.gantry.aws.ssm;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.CommandPlugin;
import software.amazon.awssdk.services.ssm.model.CommandPluginStatus;

/** Which successes are doubted, and which steps are known to have run, according to a list of invocations. */
class InvocationReportTest {
    private static final String TASK = "PLAY [all] ****\n\nTASK [one] ****\nok: [localhost]\n";
    private static final String NO_TASK = "PLAY [web] ****\nskipping: no hosts matched\n\nPLAY RECAP ****\n";
    private static final String CUT = "\n--output truncated--";
    private static final String ERROR = "\n----------ERROR-------\n";

    private static CommandInvocation of(CommandPlugin... steps) {
        return CommandInvocation.builder().commandPlugins(List.of(steps)).build();
    }

    private static CommandPlugin step(String name, CommandPluginStatus status, String output) {
        return CommandPlugin.builder().name(name).status(status).output(output).build();
    }

    private static boolean isDoubtful(String... outputs) {
        return InvocationReport.isDoubtful(of(Arrays.stream(outputs)
                .map(output -> step("runShellScript", CommandPluginStatus.SUCCESS, output))
                .toArray(CommandPlugin[]::new)));
    }

    @Test
    void aStepThatFailedOrTookTooLongHasRun() {
        assertTrue(ran(of(
                step("downloadContent", CommandPluginStatus.SUCCESS, ""),
                step("runShellScript", CommandPluginStatus.FAILED, ""))));
        assertTrue(ran(of(step("runShellScript", CommandPluginStatus.TIMED_OUT, ""))));
    }

    @Test
    void waitingCancelledAndMissingStepsSayNothing() {
        assertFalse(ran(of()));
        assertFalse(ran(of(
                step("downloadContent", CommandPluginStatus.PENDING, ""),
                step("runShellScript", CommandPluginStatus.CANCELLED, ""))));
    }

    @Test
    void aSuccessThatShowsATaskIsNotDoubtedThoughAnotherStepShowsNone() {
        assertFalse(isDoubtful(TASK));
        assertFalse(isDoubtful(NO_TASK, TASK));
        assertFalse(isDoubtful(TASK + CUT));
    }

    @Test
    void aSuccessThatShowsThatNoTaskRanOrIsCutBeforeOneIsDoubted() {
        assertTrue(isDoubtful(NO_TASK));
        assertTrue(isDoubtful("Archive: bundle.zip" + CUT));
        assertTrue(isDoubtful("Archive: bundle.zip" + CUT + ERROR + "a warning"));
    }

    @Test
    void aSuccessThatShowsNothingOrAnotherCallbacksWordsIsNotDoubted() {
        assertFalse(isDoubtful());
        assertFalse(isDoubtful(""));
        assertFalse(isDoubtful("a callback of one's own"));
    }

    @Test
    void aDamagedZipIsDoubtedThoughATaskRan() {
        assertTrue(isDoubtful("  inflating: a.yml    bad CRC 1234abcd  (should be 5678cdef)\n" + TASK));
        assertTrue(isDoubtful(TASK + ERROR + "a.yml  bad CRC 1234abcd  (should be 5678cdef)"));
    }

    @Test
    void whatADownloadPrintsIsNoOutputOfTheRun() {
        assertFalse(InvocationReport.isDoubtful(of(
                step("downloadContent", CommandPluginStatus.SUCCESS, NO_TASK),
                step("downloadWheelhouse", CommandPluginStatus.SUCCESS, NO_TASK))));
    }

    @Test
    void theHardenedDocumentChecksThisItself() {
        assertFalse(isDoubtful("{\"gantry\":1,\"ok\":true}\n" + NO_TASK));
        assertFalse(isDoubtful(NO_TASK, "{\"gantry\":1,\"ok\":true}\n"));
    }

    @Test
    void aStepWithoutANameOrAnOutputIsTakenAsItIs() {
        assertFalse(InvocationReport.isDoubtful(of(CommandPlugin.builder().build())));
    }

    private static boolean ran(CommandInvocation invocation) {
        return InvocationReport.steps(invocation) == InvocationStatus.Steps.RAN;
    }
}
