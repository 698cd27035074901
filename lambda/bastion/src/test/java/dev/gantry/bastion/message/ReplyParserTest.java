package dev.gantry.bastion.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.bastion.testing.Samples;
import dev.gantry.stored.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyParserTest {
    private final Message message = MessageParser.parse(Samples.message("status"));
    private final ReplyParser parser = new ReplyParser(message);

    private static String line(String state, Consumer<ObjectNode> change) {
        ObjectNode line = Json.object()
                .put("gantry", 1)
                .put("instance", Samples.INSTANCE.value())
                .put("run", Samples.RUN)
                .put("state", state)
                .put("detail", "a sentence");
        change.accept(line);
        return line.toString();
    }

    private Outcome parse(String out, int exit) {
        return parser.parse(out.getBytes(StandardCharsets.UTF_8), false, "", exit);
    }

    private void assertWrong(String expected, Outcome outcome) {
        assertEquals(State.MISCONFIGURED, outcome.state());
        assertTrue(outcome.detail().contains(expected), outcome.detail());
        assertEquals(Optional.empty(), outcome.result());
    }

    private static final String ENDED =
            line("ended", l -> l.put("tail", "PLAY RECAP\n").putObject("result").put("exit", 0));

    @ParameterizedTest
    @ValueSource(strings = {"started", "running", "interrupted", "cancelled", "unknown"})
    void theInstancesStateOfARunIsItsState(String state) {
        Outcome outcome = parse(line(state, l -> {}) + "\n", 0);

        assertEquals(state, outcome.state().word());
        assertEquals("a sentence", outcome.detail());
    }

    @Test
    void busyNamesTheHolderOfTheLock() {
        Outcome outcome = parse(line("busy", l -> l.put("holder", "run-other000 as process 7")), 0);

        assertEquals(State.BUSY, outcome.state());
        assertEquals(Optional.of("run-other000 as process 7"), outcome.holder());
    }

    @Test
    void endedComesWithTheResultAndTheTail() {
        Outcome outcome = parse(ENDED, 0);

        assertEquals(State.ENDED, outcome.state());
        assertEquals(0, outcome.result().orElseThrow().get("exit").intValue());
        assertEquals(Optional.of("PLAY RECAP\n"), outcome.tail());
    }

    @Test
    void anEndWithoutAResultIsRefused() {
        assertWrong("result is missing though the run has ended", parse(line("ended", l -> {}), 0));
        assertWrong("result must be a JSON object", parse(line("ended", l -> l.put("result", "ok")), 0));
    }

    @Test
    void aResultOfARunThatHasNotEndedIsLeftOut() {
        assertEquals(
                Optional.empty(),
                parse(line("running", l -> l.putObject("result").put("exit", 0)), 0)
                        .result());
    }

    @Test
    void anotherInstanceIsNotBelieved() {
        Outcome outcome = parse(
                line("ended", l -> l.put("instance", "i-00000000000000bad").putObject("result")), 0);

        assertWrong("answers an instance that calls itself 'i-00000000000000bad'", outcome);
    }

    @Test
    void anotherRunIsNotBelieved() {
        assertWrong("run must be " + Samples.RUN, parse(line("running", l -> l.put("run", "run-other000")), 0));
    }

    @Test
    void aRefusalHasItsReason() {
        assertWrong(
                "refused " + Samples.RUN + ": no such option",
                parse(line("refused", l -> l.put("detail", "no such option").put("run", "")), 64));
    }

    @Test
    void stateAndExitCodeMustAgree() {
        assertWrong("state running came with exit code 64, which means refused", parse(line("running", l -> {}), 64));
        assertWrong("came with exit code 1", parse(line("ended", l -> l.putObject("result")), 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"retryable", "misconfigured", "done", ""})
    void aStateThatNoInstanceReportsIsRefused(String state) {
        assertWrong("state is not known", parse(line(state, l -> {}), 0));
    }

    @Test
    void moreThanOneLineIsRefused() {
        String line = line("running", l -> {});

        assertWrong("it must be one line", parse(line + "\n" + line + "\n", 0));
        assertWrong("it must be one line", parse("Last login: today\n" + line, 0));
    }

    @Test
    void aLineOfAnotherVersionIsRefused() {
        assertWrong("gantry must be 1", parse(line("running", l -> l.put("gantry", 2)), 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{", "running", "{\"gantry\": 1, \"gantry\": 1}", "\u00ff\n"})
    void textThatIsNoSuchLineIsRefused(String out) {
        assertEquals(State.MISCONFIGURED, parse(out, 0).state());
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        assertWrong("it is not UTF-8", parser.parse(new byte[] {'"', (byte) 0xc3, '"'}, false, "", 0));
    }

    @Test
    void tooMuchIsRefused() {
        assertWrong("printed more than", parser.parse(new byte[] {'{'}, true, "", 0));
    }

    @Test
    void anEmptyOutputIsReportedWithTheErrorOutput() {
        Outcome outcome = parser.parse(new byte[0], false, "sudo: a password is required\n", 1);

        assertWrong("printed nothing and ended with exit code 1: sudo: a password is required", outcome);
    }

    @Test
    void theTailHasEightKibibytesAtMostAndNoHalfCharacters() {
        Outcome outcome = parse(line("running", l -> l.put("tail", "日".repeat(5000))), 0);

        String tail = outcome.tail().orElseThrow();
        assertEquals("日".repeat(2730), tail);
    }

    @Test
    void aShortTailIsKeptWhole() {
        for (String tail : new String[] {"", "é", "x".repeat(8192), "é".repeat(4096)}) {
            assertEquals(
                    Optional.of(tail),
                    parse(line("running", l -> l.put("tail", tail)), 0).tail());
        }
    }

    @Test
    void onlyABusyInstanceHasAHolder() {
        assertEquals(
                Optional.empty(),
                parse(line("running", l -> l.put("holder", "run-other000")), 0).holder());
    }

    @Test
    void theAnswerAboutAnEndHasTheResultAndTheTail() {
        Outcome outcome = parse(ENDED, 0);

        var answer = Samples.json(new String(
                AnswerJson.bytes(message, outcome, Instant.parse("2026-01-31T12:00:16Z")), StandardCharsets.UTF_8));
        assertEquals(0, answer.at("/result/exit").intValue());
        assertEquals("PLAY RECAP\n", answer.path("tail").asText());
        assertFalse(answer.has("holder"));
    }

    @Test
    void longSentencesAreClipped() {
        assertEquals(
                500,
                parse(line("running", l -> l.put("detail", "x".repeat(5000))), 0)
                        .detail()
                        .length());
    }

    @Test
    void theAnswerHasTheFieldsThatTheLaunchFunctionReads() {
        Outcome outcome = parse(line("busy", l -> l.put("holder", "somebody")), 0);

        String answer = new String(
                AnswerJson.bytes(message, outcome, Instant.parse("2026-01-31T12:00:16Z")), StandardCharsets.UTF_8);
        assertEquals(
                Samples.json("{\"format\": 1, \"run\": \"" + Samples.RUN + "\", \"instance\": \"" + Samples.INSTANCE
                        + "\", \"asked\": \"status\", \"askedAt\": \"2026-01-31T12:00:15Z\", "
                        + "\"at\": \"2026-01-31T12:00:16Z\", \"state\": \"busy\", \"detail\": \"a sentence\", "
                        + "\"holder\": \"somebody\"}"),
                Samples.json(answer));
    }
}
