package dev.gantry.aws.ssm.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fixtures are what ansible-core 2.17.14 printed; only paths were changed. */
class PlayEvidenceTest {
    private static final String UNPACKED = "Archive:  ./bundle.zip\n  inflating: playbook.yml            \n";

    @ParameterizedTest
    @CsvSource({
        "nohost-default, NO_TASK",
        "nohost-color, NO_TASK",
        // It prints nothing if no host matches, and also nothing about a play that it does not know.
        "nohost-minimal, UNKNOWN",
        "half-default, TASKS",
        "ok-default, TASKS",
        "ok-minimal, TASKS",
        "ok-oneline, TASKS",
        "fail-yaml, TASKS",
        "fail-color, TASKS"
    })
    void onlyAWholeOutputOfTheDefaultCallbackProvesThatNoTaskRan(String fixture, PlayEvidence evidence) {
        assertEquals(evidence, PlayEvidence.of(UNPACKED + text(fixture)));
    }

    @Test
    void aCutOutputProvesNothing() {
        String cut = UNPACKED + "\nPLAY [tag_role_web] ****\nskipping: no hosts matched\n";

        assertEquals(PlayEvidence.UNKNOWN, PlayEvidence.of(cut + "\nPLAY RECAP ****\n--output truncated--"));
        assertEquals(PlayEvidence.UNKNOWN, PlayEvidence.of(cut + "\n---Output truncated---"));
        assertEquals(PlayEvidence.UNKNOWN, PlayEvidence.of(cut));
        assertEquals(PlayEvidence.TASKS, PlayEvidence.of(cut + "\nTASK [a] ***\n--output truncated--"));
    }

    @Test
    void outputsOfOtherDocumentsProveNothing() {
        assertEquals(PlayEvidence.UNKNOWN, PlayEvidence.of(""));
        assertEquals(PlayEvidence.UNKNOWN, PlayEvidence.of("done\n"));
    }

    @Test
    void aRecapAloneIsEnoughForAHostThatIsInIt() {
        assertEquals(
                PlayEvidence.TASKS,
                PlayEvidence.of(
                        "\nPLAY RECAP *****\nlocalhost                  : ok=3    changed=2    unreachable=0\n"));
    }

    @Test
    void theStatisticsOfTheJsonCallbackCount() {
        assertEquals(PlayEvidence.NO_TASK, PlayEvidence.of(UNPACKED + "{\"plays\": [], \"stats\": {}}\n"));
        assertEquals(
                PlayEvidence.UNKNOWN, PlayEvidence.of("{\n \"plays\": [], \"stats\": {\"localhost\": {\"ok\": 1}}}\n"));
    }

    @Test
    void thePlayThatMatchesNoHostIsNamed() {
        assertEquals(Optional.of("tag_role_web"), PlayEvidence.unmatchedPlay(text("nohost-color")));
        assertEquals(Optional.empty(), PlayEvidence.unmatchedPlay(text("ok-default")));
    }

    private static String text(String fixture) {
        try (InputStream in = PlayEvidenceTest.class.getResourceAsStream("/ansible/2.17/" + fixture + ".out")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
