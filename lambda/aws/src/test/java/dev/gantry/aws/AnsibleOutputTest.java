package dev.gantry.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.aws.AnsibleOutput.Fault;
import dev.gantry.aws.AnsibleOutput.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fixtures are what ansible-core 2.14.18 and 2.17.14 printed; only paths were changed. */
class AnsibleOutputTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "fail ~ Check that the server answers ~ non-zero return code; rc 7; connection refused",
                "indented ~ Check that the server answers ~ non-zero return code; rc 7; connection refused",
                "assert ~ verify | streams are served ~ Assertion failed; assertion: 1 == 2",
                "loop ~ Install packages ~ No package matching 'ffmpeg' is available",
                "handler ~ Restart mediamtx ~ Unable to restart service mediamtx: Job failed",
                "nolog ~ set the password ~ the output has been hidden due to the fact that 'no_log: true' was specified for"
                        + " this result",
            })
    void theFailingTaskAndItsMessageAreFound(String fixture, String task, String message) {
        for (String version : new String[] {"2.14", "2.17"}) {
            assertEquals(new Finding(Optional.of(task), message, Fault.BUNDLE), read(version, fixture), version);
        }
    }

    @Test
    void aLongCutMessageIsReadToo() {
        String stdout = "TASK [t] ****\nfatal: [localhost]: FAILED! => {\"msg\": \"" + "x\\n".repeat(8000);

        assertTrue(AnsibleOutput.read(stdout, "").message().startsWith("x x x"));
        assertTrue(AnsibleOutput.read(stdout.replace("\\n", "y"), "").message().startsWith("xyxy"));
    }

    /** Found by fuzzing. */
    @Test
    void aTaskWithoutANameIsNotNamed() {
        assertEquals(
                Optional.empty(),
                AnsibleOutput.read("PLAY [all] ***\n\nTASK [] ***\n", "").task());
        assertEquals(Optional.empty(), AnsibleOutput.lastTask("TASK [ ] ***\n"));
    }

    @Test
    void anUndefinedVariableIsNamed() {
        for (String version : new String[] {"2.14", "2.17"}) {
            Finding finding = read(version, "undefined");
            assertEquals(Optional.of("use it"), finding.task());
            assertTrue(finding.message().contains("'nothing' is undefined"), finding.message());
            assertFalse(finding.message().contains("\n"));
        }
    }

    @Test
    void anUnreachableHostIsAFailure() {
        Finding finding = read("2.14", "unreachable");

        assertEquals(Optional.of("reach it"), finding.task());
        assertTrue(finding.message().endsWith("port 1: Connection refused"), finding.message());
    }

    @Test
    void anErrorBeforeTheFirstTaskIsSaidAsAnsibleSaysIt() {
        for (String version : new String[] {"2.14", "2.17"}) {
            Finding module = read(version, "syntax");
            assertEquals(Optional.empty(), module.task());
            assertEquals(
                    "couldn't resolve module/action 'nosuch.module.here'. This often indicates a misspelling, missing"
                            + " collection, or incorrect module path.",
                    module.message());
            assertTrue(read(version, "yaml").message().startsWith("We were unable to read either as JSON nor YAML"));
        }
    }

    @Test
    void theErrorsOfNewerVersionsAreKnownToo() {
        Finding finding = AnsibleOutput.read(
                "",
                "[ERROR]: couldn't resolve module/action 'nosuch'.\nOrigin: /srv/bundle/playbook.yml:3:7\n\n3 tasks:\n");

        assertEquals(
                "couldn't resolve module/action 'nosuch'. Origin: /srv/bundle/playbook.yml:3:7", finding.message());
    }

    @Test
    void aPlaybookThatIsNotInTheBundleIsTheBundlesFault() {
        String said = "The specified Playbook file doesn't exist in the downloaded bundle. Please review the path.";

        assertEquals(new Finding(Optional.empty(), said, Fault.BUNDLE), AnsibleOutput.read("", said + "\n"));
        assertEquals(
                new Finding(Optional.empty(), "ERROR! the playbook: a.yml could not be found", Fault.BUNDLE),
                AnsibleOutput.read("", "ERROR! the playbook: a.yml could not be found\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/x/_script.sh: line 20: ansible-playbook: command not found|Ansible is not installed on the instance",
                "/x/_script.sh: 20: ansible-playbook: not found|Ansible is not installed on the instance",
                "error: externally-managed-environment|Ansible could not be installed: error: externally-managed",
                "ERROR: No matching distribution found for ansible|Ansible could not be installed: ERROR: No matching",
                "curl: (6) Could not resolve host: example.com|Ansible could not be installed: curl: (6)",
                "E: Unable to locate package python3-pip|Ansible could not be installed: E: Unable to locate",
            })
    void anInstanceWithoutAnsibleIsNotTheBundlesFault(String stderr, String message) {
        Finding finding = AnsibleOutput.read("", stderr + "\nfailed to run commands: exit status 127\n");

        assertEquals(Fault.INSTANCE, finding.fault());
        assertTrue(finding.message().startsWith(message), finding.message());
    }

    @Test
    void aTaskThatPrintsSuchWordsIsStillTheBundlesFault() {
        String stdout =
                "PLAY [all] ***\n\nTASK [Install pip tools] ***\nfatal: [localhost]: FAILED! => {\"msg\": \"Could not"
                        + " resolve host: example.com\"}\n";

        assertEquals(
                new Finding(Optional.of("Install pip tools"), "Could not resolve host: example.com", Fault.BUNDLE),
                AnsibleOutput.read(stdout, ""));
    }

    @Test
    void aResultThatSystemsManagerCutStillGivesItsMessage() {
        String stdout =
                "TASK [t] ****\nfatal: [localhost]: FAILED! => {\"changed\": false, \"msg\": \"no \\\"x\\\" here, and\\n"
                        + "then\", \"stdout\": \"aaaa";

        assertEquals("no \"x\" here, and then", AnsibleOutput.read(stdout, "").message());
    }

    @Test
    void aResultInYamlGivesItsMessage() {
        String stdout =
                "TASK [t] ****\nfatal: [localhost]: FAILED! => \n    changed: false\n    msg: no such unit\n\nPLAY RECAP ***\n";

        assertEquals("no such unit", AnsibleOutput.read(stdout, "").message());
    }

    @Test
    void whatIsNotAnsibleGivesItsLastLine() {
        assertEquals(
                new Finding(Optional.empty(), "disk full", Fault.BUNDLE),
                AnsibleOutput.read("starting\n", "disk full\nfailed to run commands: exit status 1\n"));
        assertEquals(
                "the step failed without a word", AnsibleOutput.read("", "").message());
    }

    @Test
    void aLineOfControlCharactersIsNoWord() {
        assertEquals(
                "disk full",
                AnsibleOutput.read("", "disk full\n\u0000\u0001\r\n").message());
        assertEquals(
                "the step failed without a word",
                AnsibleOutput.read("\u0000\u0000\n", "\u0001\n").message());
    }

    @Test
    void theTaskThatHadBegunLastIsFound() {
        assertEquals(
                Optional.of("b : two"),
                AnsibleOutput.lastTask("TASK [a : one] ***\nok: [localhost]\nTASK [b : two] ***\n"));
    }

    @Test
    void aResultThatWasCutBeforeItsMessageSaysSo() {
        assertEquals(
                "the task failed, and its result was cut off",
                AnsibleOutput.read("fatal: [localhost]: FAILED! => ", "").message());
        assertEquals(
                "{\"msg\": \"",
                AnsibleOutput.read("fatal: [localhost]: FAILED! => {\"msg\": \"", "")
                        .message());
    }

    /** Systems Manager cuts anywhere; whatever is left has to give an explanation. */
    @Property(tries = 500)
    void anyCutOfAnOutputGivesAMessageOfOneLine(
            @ForAll @IntRange(max = 4600) int from, @ForAll @IntRange(max = 4600) int to) {
        String whole = text("2.17", "indented.out");
        int end = Math.min(Math.max(from, to), whole.length());
        String message = AnsibleOutput.read(whole.substring(Math.min(Math.min(from, to), end), end), "")
                .message();

        assertFalse(message.isBlank());
        assertFalse(message.contains("\n"));
        assertTrue(message.length() <= 500);
    }

    private static Finding read(String version, String fixture) {
        return AnsibleOutput.read(text(version, fixture + ".out"), text(version, fixture + ".err"));
    }

    private static String text(String version, String file) {
        try (InputStream in = AnsibleOutputTest.class.getResourceAsStream("/ansible/" + version + "/" + file)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
