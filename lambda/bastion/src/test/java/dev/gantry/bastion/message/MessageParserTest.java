package dev.gantry.bastion.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.bastion.testing.Samples;
import dev.gantry.launch.stay.Question;
import dev.gantry.stored.Unreadable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageParserTest {

    private static String refusal(String name, Consumer<ObjectNode> change) {
        return assertThrows(Unreadable.class, () -> MessageParser.parse(Samples.message(name, change)))
                .getMessage();
    }

    private static String refusalOfOption(String option, String value) {
        return refusal("start", message -> ((ObjectNode) message.get("options")).put(option, value));
    }

    @Test
    void aStartCarriesItsOptionsAndItsBundle() {
        Message message = MessageParser.parse(Samples.message("start"));

        assertEquals(Question.START, message.ask());
        assertEquals("web", message.fleet().value());
        assertEquals(Samples.INSTANCE, message.instance());
        assertEquals(Instant.parse("2026-01-31T12:00:00Z"), message.at());
        assertEquals("start " + Samples.RUN, message.command());
        assertEquals("bastion/answers/" + Samples.RUN + "/i-0123456789abcdef0.json", message.answerKey());
    }

    @Test
    void theOptionsBecomeLinesThatSayWhereTheyEnd() {
        StartRequest start =
                MessageParser.parse(Samples.message("start")).start().orElseThrow();

        String lines = new String(start.lines("gantry-sandbox", Samples.INSTANCE), StandardCharsets.UTF_8);
        assertTrue(
                lines.startsWith("Source=s3://gantry-sandbox/bundles/web/" + Samples.SHA256 + ".zip\nInstance="
                        + Samples.INSTANCE + "\nBundleSha256="),
                lines);
        assertTrue(lines.contains("\nExtraVariables=greeting='good morning' gantry_bundle="), lines);
        assertTrue(lines.endsWith("\nVerbose=-v\nEnd=" + Samples.RUN + "\n"), lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "cancel"})
    void theOtherQuestionsCarryNothing(String ask) {
        Message message = MessageParser.parse(Samples.message(ask));

        assertEquals(Optional.empty(), message.start());
        assertEquals(ask + " " + Samples.RUN, message.command());
        assertEquals(
                "options and bundle go with ask=start only", refusal(ask, m -> m.put("bundle", "bundles/web/x.zip")));
    }

    @Test
    void aGroupsNameIsEncodedInTheBundlesKey() {
        Message message = MessageParser.parse(Samples.message("start", m -> m.put("fleet", "web / blue")
                .put("bundle", "bundles/web%20%2F%20blue/" + Samples.SHA256 + ".zip")));

        assertEquals("web / blue", message.fleet().value());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "format | 2 | format must be 1",
                "ask | restart | ask must be start, status or cancel, not 'restart'",
                "ask | START | ask must be start, status or cancel, not 'START'",
                "instance | i-0123456789abcdef0; reboot | instance is not an EC2 instance id",
                "instance | ../i-0123456789abcdef0 | instance is not an EC2 instance id",
                "run | run-$(reboot) | run is not a run id",
                "run | run-0123456789abcdef x | run is not a run id",
                "run | 'run-01234567'/../x | run is not a run id",
                "at | yesterday | at must be a time",
                "bundle | bundles/other/aaaa.zip | bundle must be bundles/web/" + "aaaa",
                "bundle | bundles/web/../../secret.zip | bundle must be bundles/web/",
            })
    void aFieldOfAnotherFormIsNamed(String field, String value, String expected) {
        String refusal = refusal("start", message -> message.put(field, value));

        assertTrue(refusal.startsWith(expected), refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"format", "ask", "fleet", "instance", "run", "at", "options", "bundle"})
    void aMissingFieldIsNamed(String field) {
        assertTrue(refusal("start", message -> message.remove(field)).startsWith(field + " "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nSource=s3://other/x.zip",
                "a\rb",
                "a\u0000b",
                "a\u0085b",
                "a\u2028b",
                "\u2028b",
                "\u2029",
                "tab\there"
            })
    void anOptionCannotSmuggleASecondLine(String value) {
        assertEquals(
                "options.ExtraVariables has a line break or another control character",
                refusalOfOption("ExtraVariables", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Source", "Instance", "End", "a b", "lower", "A=B", "A\nB", "", "A.B"})
    void anOptionHasTheNameOfAParameter(String name) {
        assertTrue(refusalOfOption(name, "x").endsWith(" is not the name of an option"));
    }

    @Test
    void quotesSpacesAndSubstitutionsAreDataAndReachNoShell() {
        String value = "a='$(reboot)' b=`id` c=\"; rm -rf / #\"";
        StartRequest start = MessageParser.parse(
                        Samples.message("start", m -> ((ObjectNode) m.get("options")).put("ExtraVariables", value)))
                .start()
                .orElseThrow();

        String lines = new String(start.lines("b", Samples.INSTANCE), StandardCharsets.UTF_8);
        assertTrue(lines.contains("\nExtraVariables=" + value + "\n"), "for the program to refuse, on its own line");
    }

    @Test
    void theOptionsAreThoseOfThisRunAndBundle() {
        assertEquals("options.RunId must be the message's run", refusalOfOption("RunId", "run-00000000"));
        assertTrue(refusalOfOption("BundleSha256", "b".repeat(64)).startsWith("bundle must be "));
        assertTrue(refusalOfOption("BundleSha256", "").startsWith("options.BundleSha256 is not a bundle"));
    }

    @Test
    void whatIsJustNotTooLongIsTaken() {
        Message message = MessageParser.parse(
                Samples.message("start", m -> ((ObjectNode) m.get("options")).put("Verbose", "v".repeat(8192))));

        assertEquals(
                8192, message.start().orElseThrow().options().get("Verbose").length());
    }

    @Test
    void theOptionsMayTakeSixtyKibibytesTogether() {
        int rest = 60 * 1024 - lines("").length;

        assertEquals(60 * 1024, lines("v".repeat(rest)).length);
        assertThrows(Unreadable.class, () -> lines("v".repeat(rest + 1)));
    }

    /** The program's input for these options, as it is measured: without the bucket's name. */
    private static byte[] lines(String last) {
        return MessageParser.parse(Samples.message("start", m -> {
                    ObjectNode options = (ObjectNode) m.get("options");
                    for (int i = 0; i < 7; i++) {
                        options.put("Option" + i, "v".repeat(8000));
                    }
                    options.put("Last", last);
                }))
                .start()
                .orElseThrow()
                .lines("", Samples.INSTANCE);
    }

    @Test
    void aStartPrintsTheNamesOfItsOptionsAndNoValue() {
        StartRequest start =
                MessageParser.parse(Samples.message("start")).start().orElseThrow();

        assertTrue(start.toString().contains("ExtraVariables"), start.toString());
        assertTrue(start.toString().endsWith(" of bundles/web/" + Samples.SHA256 + ".zip"), start.toString());
        assertFalse(start.toString().contains("good morning"), start.toString());
    }

    @Test
    void textThatIsTooLongIsRefused() {
        assertTrue(refusalOfOption("Verbose", "v".repeat(9000)).endsWith("is longer than 8192 characters"));
        String all = refusal("start", m -> {
            for (int i = 0; i < 10; i++) {
                ((ObjectNode) m.get("options")).put("Option" + i, "v".repeat(8000));
            }
        });
        assertEquals("options are longer than 61440 bytes together", all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "\"start\"", "{\"format\": 1, \"format\": 1}", "{\"format\": 1} {}"})
    void textThatIsNoJsonObjectIsRefused(String body) {
        assertThrows(Unreadable.class, () -> MessageParser.parse(body));
    }

    @Test
    void refusedTextThatMayBeSecretIsNotQuoted() {
        String refusal = refusalOfOption("ExtraVariables", "password=hunter2\n");
        String broken = assertThrows(Unreadable.class, () -> MessageParser.parse("{\"options\": {\"x\": hunter2}}"))
                .getMessage();

        assertFalse(refusal.contains("hunter2"), refusal);
        assertFalse(broken.contains("hunter2"), broken);
        assertFalse(
                MessageParser.parse(Samples.message("start")).toString().contains("good morning"), "nor in toString");
    }

    @Test
    void doubledMessagesAskTheSame() {
        Message first = MessageParser.parse(Samples.message("status"));
        Message later = MessageParser.parse(Samples.message("status", m -> m.put("at", "2026-01-31T12:01:00Z")));

        assertTrue(first.asksTheSameAs(later));
        assertFalse(first.asksTheSameAs(MessageParser.parse(Samples.message("cancel"))));
    }
}
