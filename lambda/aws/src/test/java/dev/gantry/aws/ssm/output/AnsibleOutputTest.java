package dev.gantry.aws.ssm.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.aws.ssm.output.AnsibleOutput.Fault;
import dev.gantry.aws.ssm.output.AnsibleOutput.Finding;
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
                "nolog ~ set the password ~ the output has been hidden due to the fact that 'no_log: true' was"
                        + " specified for this result",
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
    void anErrorBeforeTheFirstTaskKeepsAnsiblesMessage() {
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
                "[ERROR]: couldn't resolve module/action 'nosuch'.\n"
                        + "Origin: /srv/bundle/playbook.yml:3:7\n\n"
                        + "3 tasks:\n");

        assertEquals(
                "couldn't resolve module/action 'nosuch'. Origin: /srv/bundle/playbook.yml:3:7", finding.message());
    }

    /** AWS's script has one message for every reason why it does not find the playbook. */
    private static final String NOT_THERE = "Playbook file doesn't exist: site.yml";

    private static final String UNPACKED = "Archive:  ./bundle.zip\n  inflating: roles/a/tasks/main.yml  \n";

    @Test
    void aPlaybookThatIsNotInTheBundleIsAFailureOfTheBundle() {
        assertEquals(
                new Finding(Optional.empty(), NOT_THERE, Fault.BUNDLE),
                AnsibleOutput.read(UNPACKED, NOT_THERE + "\nfailed to run commands: exit status 2"));
        assertEquals(
                new Finding(Optional.empty(), "ERROR! the playbook: a.yml could not be found", Fault.BUNDLE),
                AnsibleOutput.read("", "ERROR! the playbook: a.yml could not be found\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "find: 'unzip': No such file or directory|unzip is not installed on the instance",
                "/x/_script.sh: line 9: unzip: command not found|unzip is not installed on the instance",
                "  End-of-central-directory signature not found.  Either this file is not|what was downloaded as the"
                        + " bundle is no",
                "|Playbook file doesn't exist: site.yml; nothing shows that the bundle was unpacked",
            })
    void aPlaybookOfABundleThatWasNotUnpackedIsTheInstancesFault(String stderr, String message) {
        for (boolean together : new boolean[] {true, false}) {
            String unzip = stderr == null ? "" : stderr + "\n";
            Finding finding = together
                    ? AnsibleOutput.read(unzip + NOT_THERE + "\n", "failed to run commands: exit status 2")
                    : AnsibleOutput.read("", unzip + NOT_THERE + "\nfailed to run commands: exit status 2");

            assertEquals(Fault.INSTANCE, finding.fault());
            assertTrue(finding.message().startsWith(message), finding.message());
        }
    }

    @Test
    void ifAwssDocumentCannotInstallAnsibleTheRepairIsNamed() {
        Finding finding = AnsibleOutput.read(
                "", "There was a problem installing Ansible.\nfailed to run commands: exit status 1");

        assertEquals(Fault.INSTANCE, finding.fault());
        assertTrue(finding.message().contains("There was a problem installing"), finding.message());
        assertTrue(finding.message().contains("set installDependencies to false"), finding.message());
        assertTrue(AnsibleOutput.read("There was a problem installing it", "error: externally-managed-environment\n")
                .message()
                .contains("externally-managed-environment"));
    }

    @Test
    void aDamagedZipIsAFailureOfTheBundleAndAFullDiskOneOfTheInstance() {
        String crc = "roles/a/files/x.bin     bad CRC 1234abcd  (should be 5678abcd)";
        Finding damaged = AnsibleOutput.read(UNPACKED + "\nPLAY [all] ***\n", crc + "\n");

        assertEquals(Fault.BUNDLE, damaged.fault());
        assertTrue(damaged.message().contains("bad CRC 1234abcd"), damaged.message());
        assertEquals(
                Fault.INSTANCE,
                AnsibleOutput.read(UNPACKED, "x.bin:  write error (disk full?).  Continue? (y/n/^C)\n")
                        .fault());
        assertEquals(
                Optional.empty(),
                AnsibleOutput.damagedBundle(UNPACKED + "\nPLAY [all] ***\nok: [localhost] => bad CRC 1234abcd\n", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "fail-color ~ Check that the server answers ~ non-zero return code; rc 7; connection refused",
                "fail-yaml ~ Check that the server answers ~ non-zero return code; rc 7; connection refused",
                "fail-oneline ~ ~ non-zero return code; rc 7; connection refused",
                "fail-minimal ~ ~ rc 7: tryingconnection refusednon-zero return code",
                "multi-color ~ Say why ~ The stream does not answer: rtsp://127.0.0.1:8554/a Look at the log.",
                "multi-yaml ~ Say why ~ The stream does not answer: rtsp://127.0.0.1:8554/a Look at the log.",
                "multi-oneline ~ ~ The stream does not answer: rtsp://127.0.0.1:8554/a Look at the log.",
                "multi-minimal ~ ~ The stream does not answer: rtsp://127.0.0.1:8554/a Look at the log.",
            })
    void coloursYamlAndOtherCallbacksAreRead(String fixture, String task, String message) {
        assertEquals(
                new Finding(Optional.ofNullable(task), message, Fault.BUNDLE),
                AnsibleOutput.read(
                        UNPACKED + text("2.17", fixture + ".out"),
                        "[WARNING]: Platform linux on host localhost is using the discovered Python\ninterpreter at"
                                + " /usr/bin/python3\nfailed to run commands: exit status 2"));
    }

    @Test
    void theCallbackJsonNamesTheTask() {
        String stdout = "{\n\"plays\": [{\"tasks\": [{\"task\": {\"name\": \"Install\"}, \"hosts\": {\"localhost\":"
                + " {\"failed\": true, \"msg\": \"no package\"}}}]}],\n\"stats\": {}}\n";

        assertEquals(
                new Finding(Optional.of("Install"), "no package", Fault.BUNDLE),
                AnsibleOutput.read(UNPACKED + stdout, ""));
    }

    @Test
    void aMissingEndIsReportedWithTheLastTaskThatIsShown() {
        String begin =
                UNPACKED + "\nPLAY [all] ****\n\nTASK [a : one] ****\nfatal: [localhost]: FAILED! => {\"msg\": \"x\"}\n"
                        + "\nTASK [a : two] ****\nok: [localhost] => {\"msg\": \"yyyy";
        for (String mark : new String[] {"--output truncated--", "\n---Output truncated---"}) {
            Finding finding = AnsibleOutput.read(begin + mark, "failed to run commands: exit status 2");

            assertEquals(Optional.empty(), finding.task());
            assertTrue(finding.message().startsWith("the end of the output is missing"), finding.message());
            assertTrue(finding.message().endsWith("the last task that it shows is 'a : two'"), finding.message());
        }
        assertTrue(AnsibleOutput.read("  inflating: roles/a/x.yml  \n".repeat(800) + "--output truncated--", "")
                .message()
                .endsWith("the list of the bundle's files fills it"));
    }

    @Test
    void theAgentsOwnSentencesAreNoReason() {
        String sentence = "\nStep was found to have onFailure property. Further document steps will be skipped.";

        assertEquals(
                "disk full",
                AnsibleOutput.read("a\n" + sentence, "disk fullfailed to run commands: exit status 1" + sentence)
                        .message());
        assertEquals(
                "begun",
                AnsibleOutput.read(
                                "begun\n\n"
                                        + "Step exited with code 169. Therefore, marking step as Failed. Further document"
                                        + " steps will be skipped.",
                                "failed to run commands: exit status 169\nStep exited with code 169. Therefore, marking"
                                        + " step as Failed. Further document steps will be skipped.")
                        .message());
    }

    @Test
    void anAgentThatCouldNotStartTheScriptSaysWhy() {
        assertEquals(
                "failed to run commands: fork/exec /usr/bin/sh: no such file or directory",
                AnsibleOutput.read("", "failed to run commands: fork/exec /usr/bin/sh: no such file or directory")
                        .message());
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
    void aTaskThatPrintsSuchWordsIsStillAFailureOfTheBundle() {
        String stdout =
                "PLAY [all] ***\n\nTASK [Install pip tools] ***\nfatal: [localhost]: FAILED! => {\"msg\": \"Could not"
                        + " resolve host: example.com\"}\n";

        assertEquals(
                new Finding(Optional.of("Install pip tools"), "Could not resolve host: example.com", Fault.BUNDLE),
                AnsibleOutput.read(stdout, ""));
    }

    @Test
    void aResultThatSystemsManagerCutStillGivesItsMessage() {
        String stdout = "TASK [t] ****\n"
                + "fatal: [localhost]: FAILED! => {\"changed\": false, \"msg\": \"no \\\"x\\\" here, and\\n"
                + "then\", \"stdout\": \"aaaa";

        assertEquals("no \"x\" here, and then", AnsibleOutput.read(stdout, "").message());
    }

    @Test
    void aResultInYamlGivesItsMessage() {
        String stdout = "TASK [t] ****\n"
                + "fatal: [localhost]: FAILED! => \n"
                + "    changed: false\n"
                + "    msg: no such unit\n\n"
                + "PLAY RECAP ***\n";

        assertEquals("no such unit", AnsibleOutput.read(stdout, "").message());
    }

    /** What Ansible's default callback prints with {@code result_format: yaml}. */
    private static String inYaml(String... lines) {
        return AnsibleOutput.read(
                        "TASK [t] ****\nfatal: [localhost]: FAILED! => \n    changed: false\n    "
                                + String.join("\n    ", lines) + "\n\nPLAY RECAP ***\n",
                        "")
                .message();
    }

    @Test
    void aTextInYamlIsReadHoweverItIsQuoted() {
        assertEquals("it's: broken", inYaml("msg: 'it''s: broken'"));
        assertEquals("a \"word\", and more", inYaml("msg: \"a \\\"word\\\", and more\""));
        assertEquals("cut off", inYaml("msg: \"cut off"));
        assertEquals("two lines of one text", inYaml("msg: two lines", "    of one text"));
        assertEquals("one two", inYaml("msg: |-", "    one", "    two"));
        assertEquals("one two", inYaml("msg:", "- 'one'", "- two"));
        assertEquals("'", inYaml("msg: '"));
    }

    @Test
    void nothingThatFollowsTheResultIsPartOfIt() {
        String stdout = "TASK [t] ****\nfatal: [localhost]: FAILED! => \n    msg: broken\n  other: no\n"
                + "    msg: never\n\nPLAY RECAP ***\n";

        assertEquals("broken", AnsibleOutput.read(stdout, "").message());
    }

    @Test
    void aResultInJsonEndsAtItsOwnBrace() {
        String stdout = "TASK [t] ****\n"
                + "fatal: [localhost]: FAILED! => {\"msg\": \"a } and a { and a \\\" in it\", \"n\": {\"m\": {}}}\n"
                + "{\"msg\": \"another\"}\n\nPLAY RECAP ***\n";

        assertEquals(
                "a } and a { and a \" in it", AnsibleOutput.read(stdout, "").message());
    }

    @Test
    void outputThatIsNotAnsiblesGivesItsLastLine() {
        assertEquals(
                new Finding(Optional.empty(), "disk full", Fault.BUNDLE),
                AnsibleOutput.read("starting\n", "disk full\nfailed to run commands: exit status 1\n"));
        assertEquals(
                "the step failed without a word", AnsibleOutput.read("", "").message());
    }

    @Test
    void aLineOfControlCharactersCountsAsEmpty() {
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{\"msg\": \"a } b { \\\" } c\", \"rc\": 2} and {\"more\": 1} ~ a } b { \" } c; rc 2",
                "{\"a\": {\"b\": {}}, \"msg\": \"deep\"} } ~ deep",
                "{\"msg\": [\"one\", \"two\"]} ~ one two",
                "{\"msg\": \" \", \"reason\": \"conflicting action\"} ~ conflicting action",
                "{\"msg\": \"it fails\", \"rc\": 0} ~ it fails",
                "{\"msg\": \"MODULE FAILURE\", \"rc\": 1, \"module_stderr\": \"Traceback\\nKeyError\"} ~ MODULE FAILURE; rc 1;"
                        + " KeyError",
                "{\"msg\": \"bad\", \"stderr\": \" \", \"stdout\": \"first\\nlast words\"} ~ bad; last words",
                "{\"msg\": \"bad: no such file\", \"stderr\": \"no such file\"} ~ bad: no such file",
                "{\"changed\": false} ~ {\"changed\":false}",
            })
    void aResultIsToldByItsMessageItsCodeAndTheEndOfWhatItPrinted(String result, String message) {
        String stdout = "TASK [t] ****\nfatal: [localhost]: FAILED! => " + result + "\n";
        assertEquals(message, AnsibleOutput.read(stdout, "").message());
    }

    /** Systems Manager cuts anywhere; the rest must still give an explanation. */
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
