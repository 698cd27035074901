package dev.gantry.stored;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.stored.ResultLine.Fault;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultLineTest {
    /** As the program on the instance wrote it, on a booted system of the sandbox. */
    private static final String LINE =
            "{\"gantry\":1,\"run\":\"run-0123456789abcdef\",\"instance\":\"i-0123456789abcdef0\","
                    + "\"log\":\"/var/lib/gantry/log/run-0123456789abcdef.log\",\"bundle\":\"ab\",\"ansible\":\"2.14.18\","
                    + "\"ansibleFrom\":\"image\",\"mode\":\"apply\",\"tasks\":{\"ok\":1,\"changed\":1,\"failed\":1},\"ansibleExit\":2,"
                    + "\"ok\":false,\"kind\":\"playbook\",\"exit\":12,\"phases\":{\"turn\":0.0,\"playbook\":1.9},"
                    + "\"fault\":\"bundle\",\"message\":\"non-zero return code; rc 3; no such thing\",\"task\":\"Install\"}";

    @Test
    void theLineOfAFailureIsRead() {
        assertEquals(
                Optional.of(new ResultLine(
                        "playbook",
                        Fault.BUNDLE,
                        Optional.of("Install"),
                        "non-zero return code; rc 3; no such thing",
                        "PLAY [all]\nfatal\n")),
                ResultLine.ofFailure(LINE + "\nPLAY [all]\nfatal\n"));
    }

    @Test
    void aFailureWithoutATaskHasNone() {
        Optional<ResultLine> line = ResultLine.ofFailure("{\"gantry\":1,\"kind\":\"busy\",\"fault\":\"nobody\"}");

        assertEquals(Optional.of(new ResultLine("busy", Fault.NOBODY, Optional.empty(), "", "")), line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "PLAY [all]\n",
                "{\"gantry\":1,\"ok\":true,\"kind\":\"success\"}",
                "{\"gantry\":2,\"kind\":\"playbook\",\"fault\":\"bundle\"}",
                "{\"gantry\":1,\"kind\":\"playbook\",\"fault\":\"the moon\"}",
                "{\"gantry\":1,\"kind\":\"playbook\",\"fau",
                "PLAY [all]\n{\"gantry\":1,\"kind\":\"playbook\",\"fault\":\"bundle\"}",
                "\n{\"gantry\":1,\"kind\":\"playbook\",\"fault\":\"bundle\"}",
                "[1]",
                "null"
            })
    void anythingElseIsNoSuchLine(String output) {
        assertEquals(Optional.empty(), ResultLine.ofFailure(output));
    }

    @Test
    void phasesComeInTheirOrderAndOnlyWithTheirSeconds() {
        String line =
                "{\"gantry\": 1, \"ok\": true, \"phases\": {\"none\": 0, \"turn\": 0.1, \"download\": 2, \"odd\": \"x\", \"bad\": -1}}\n";

        assertEquals(
                "[none=PT0S, turn=PT0.1S, download=PT2S]",
                ResultLine.phases(line + "rest").entrySet().toString());
        assertEquals(0, ResultLine.phases("TASK [one] ***").size());
        assertEquals(
                0,
                ResultLine.phases("{\"gantry\": 2, \"phases\": {\"turn\": 1}}").size());
    }

    @Test
    void whatFollowsTheLineIsTheOutput() {
        assertEquals("rest\n", ResultLine.after("{\"gantry\": 1}\nrest\n"));
        assertEquals("TASK [one]\n", ResultLine.after("TASK [one]\n"));
    }

    @Test
    void anOutputHasSuchALineOnlyAtItsBeginning() {
        assertTrue(ResultLine.isOne(LINE + "\nrest"));
        assertFalse(ResultLine.isOne("TASK [one]\n" + LINE));
        assertFalse(ResultLine.isOne("{\"other\": 1}\n"));
    }

    @Test
    void theFaultDecidesWhatAFailureMeans() {
        assertEquals(
                new Verdict.RunFailed(
                        new Failure("apply", Optional.of("Install"), "playbook: no package", 12, "words")),
                line(Fault.BUNDLE).verdict("apply", 12, "words"));
        assertEquals(
                new Verdict.Refused("step apply: playbook: no package"),
                line(Fault.INSTANCE).verdict("apply", 12, "words"));
        assertEquals(
                Verdict.Undelivered.bySurroundings("playbook: no package"),
                line(Fault.NOBODY).verdict("apply", 12, "words"));
    }

    private static ResultLine line(Fault fault) {
        return new ResultLine("playbook", fault, Optional.of("Install"), "no package", "");
    }
}
