package dev.gantry.stored;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Reply.Said;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as the bastion's function writes them. */
class BastionAnswersTest {
    private static final String ANSWER =
            """
            {"format":1,"run":"run-0123456789abcdef","instance":"i-00000000000000001","asked":"status",
             "askedAt":"2026-01-31T12:00:00.123Z","at":"2026-01-31T12:00:04Z","state":"STATE","detail":"a sentence"}""";

    private static final String RESULT =
            """
            "result":{"gantry":1,"run":"run-0123456789abcdef","instance":"i-00000000000000001","ok":false,
            "kind":"playbook","exit":12,"fault":"bundle","task":"Install","message":"no such thing"},"tail":"fatal\\n"}""";

    @Test
    void anAnswerNamesItsInstanceItsRunAndItsTime() {
        Reply reply = read(ANSWER.replace("STATE", "running"));

        assertEquals(
                new Reply(
                        Samples.RUN,
                        Samples.instance(1),
                        Instant.parse("2026-01-31T12:00:00.123Z"),
                        new Said.UnderWay()),
                reply);
    }

    @Test
    void eachStateHasItsMeaning() {
        assertEquals(new Said.UnderWay(), said("started"));
        assertEquals(new Said.Busy("a sentence"), said("busy"));
        assertEquals(new Said.Unknown(), said("unknown"));
        assertEquals(new Said.Ended(new Verdict.Undelivered("interrupted: a sentence")), said("interrupted"));
        assertEquals(new Said.Ended(new Verdict.Undelivered("cancelled: a sentence")), said("cancelled"));
        assertEquals(new Said.Failed(Trouble.Kind.RETRYABLE, "a sentence"), said("retryable"));
        assertEquals(new Said.Failed(Trouble.Kind.MISCONFIGURED, "a sentence"), said("misconfigured"));
    }

    @Test
    void theHolderOfTheLockIsNamed() {
        String busy = ANSWER.replace("STATE", "busy").replace("}", ",\"holder\":\"run-9 as process 12\"}");

        assertEquals(new Said.Busy("run-9 as process 12"), read(busy).said());
    }

    @Test
    void aStateOfANewerVersionIsLookedAtAgain() {
        Said.Failed failed = assertInstanceOf(Said.Failed.class, said("meditating"));

        assertEquals(Trouble.Kind.RETRYABLE, failed.kind());
        assertTrue(failed.detail().contains("meditating"), failed.detail());
    }

    @Test
    void aFailedRunHasTheFailureOfItsResultLine() {
        assertEquals(
                new Said.Ended(new Verdict.RunFailed(
                        new Failure("bastion", Optional.of("Install"), "playbook: no such thing", 12, "fatal\n"))),
                read(ended(RESULT)).said());
    }

    @Test
    void theFaultDecidesWhatTheResultMeans() {
        String instance = ended(RESULT.replace("\"fault\":\"bundle\"", "\"fault\":\"instance\""));
        assertEquals(
                new Said.Ended(new Verdict.Refused("step bastion: playbook: no such thing")),
                read(instance).said());
        String nobody = ended(RESULT.replace("\"fault\":\"bundle\"", "\"fault\":\"nobody\""));
        assertEquals(
                new Said.Ended(Verdict.Undelivered.bySurroundings("playbook: no such thing")),
                read(nobody).said());
    }

    @Test
    void aRunThatWentWellSucceeded() {
        String well = ended(RESULT.replace("\"ok\":false", "\"ok\":true").replace("\"fault\":\"bundle\",", ""));

        assertEquals(new Said.Ended(new Verdict.Succeeded()), read(well).said());
    }

    @ParameterizedTest
    @CsvSource({"run-0123456789abcdef,run-aaaaaaaaaaaaaaaa,run", "i-00000000000000001,i-00000000000000002,instance"})
    void aResultOfAnotherRunOrInstanceIsNotBelieved(String ours, String other, String field) {
        String answer = ended(RESULT.replace(ours, other));

        String said = assertThrows(GantryException.Misconfigured.class, () -> read(answer))
                .getMessage();
        assertTrue(said.startsWith("x: result." + field + " must be " + ours), said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"format\":2}",
                "{\"format\":1,\"run\":\"../..\",\"instance\":\"i-00000000000000001\"}",
                "{\"format\":1,\"run\":\"run-0123456789abcdef\",\"instance\":\"i-1; reboot\"}"
            })
    void textThatIsNoAnswerIsRefusedWithItsName(String text) {
        String said = assertThrows(GantryException.Misconfigured.class, () -> read(text))
                .getMessage();
        assertTrue(said.startsWith("x"), said);
    }

    @Test
    void anEndWithoutAResultIsRefused() {
        assertThrows(GantryException.Misconfigured.class, () -> said("ended"));
        assertThrows(
                GantryException.Misconfigured.class,
                () -> read(ended(RESULT.replace("\"fault\":\"bundle\"", "\"fault\":\"the moon\""))));
    }

    private static String ended(String result) {
        return ANSWER.replace("STATE", "ended").replaceFirst("}$", "") + "," + result;
    }

    private static Said said(String state) {
        return read(ANSWER.replace("STATE", state)).said();
    }

    private static Reply read(String json) {
        return BastionAnswers.read("x", json.getBytes(StandardCharsets.UTF_8));
    }
}
