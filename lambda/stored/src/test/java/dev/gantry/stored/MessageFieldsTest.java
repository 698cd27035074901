package dev.gantry.stored;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a message or a machine wrote: the errors name the field and never quote a value. */
class MessageFieldsTest {
    private static Fields fields(String json) {
        return Json.message(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eachTypeIsRead() {
        Fields read = fields(
                "{\"word\": \"a\", \"count\": 7, \"list\": [\"b\", \"c\"], \"map\": {\"d\": \"e\"}, \"none\": null}");

        assertEquals("a", read.text("word"));
        assertEquals(7, read.number("count"));
        assertEquals(List.of("b", "c"), read.strings("list"));
        assertEquals(Map.of("d", "e"), read.object("map").texts());
        assertFalse(read.has("none"));
        assertEquals(7, read.json().path("count").intValue());
    }

    @Test
    void aFieldIsThereUnlessItIsNull() {
        assertTrue(fields("{\"word\": \"a\"}").has("word"));
        assertFalse(fields("{\"word\": null}").has("word"));
    }

    @Test
    void aFormThatIsKnownIsReadOn() {
        assertEquals(
                "a", fields("{\"format\": 1, \"word\": \"a\"}").needFormat(1).text("word"));
    }

    static Stream<Arguments> wrongOnes() {
        return Stream.of(
                wrong("{\"word\": \"secret\"}", f -> f.number("word"), "word must be a whole number"),
                wrong("{\"count\": 1.5}", f -> f.number("count"), "count must be a whole number"),
                wrong("{\"count\": 99999999999}", f -> f.number("count"), "count must be a whole number"),
                wrong("{}", f -> f.text("word"), "word is missing"),
                wrong("{\"list\": \"secret\"}", f -> f.strings("list"), "list must be a list"),
                wrong("{\"list\": [\"a\", 1]}", f -> f.strings("list"), "list[1] must be a string"),
                wrong("{\"map\": {\"d\": 1}}", f -> f.object("map").texts(), "map.d must be a string"),
                wrong("{\"map\": \"secret\"}", f -> f.object("map"), "map must be a JSON object"),
                wrong("{\"format\": 2}", f -> f.needFormat(1), "format must be 1"),
                wrong("{\"format\": 1.5}", f -> f.needFormat(1), "format must be 1"),
                wrong("{}", f -> f.needFormat(1), "format must be 1"),
                wrong("{}", f -> f.checked(MessageFieldsTest::refused), "at least one instance is needed"),
                wrong("[1]", f -> {}, "it must be a JSON object"),
                wrong("{\"a\": secret", f -> {}, "it is not JSON, at column 7"));
    }

    private static String refused() {
        throw new IllegalArgumentException("at least one instance is needed");
    }

    private static Arguments wrong(String json, Consumer<Fields> reading, String words) {
        return Arguments.of(json, reading, words);
    }

    @ParameterizedTest
    @MethodSource("wrongOnes")
    void theErrorNamesTheFieldAndQuotesNothing(String json, Consumer<Fields> reading, String words) {
        Unreadable error = assertThrows(Unreadable.class, () -> reading.accept(fields(json)));

        assertEquals(words, error.getMessage());
    }

    @Test
    void tooDeepNestingIsReportedAsSuch() {
        Unreadable error = assertThrows(Unreadable.class, () -> fields("{\"a\":" + "[".repeat(1100)));

        assertEquals(
                "it is not JSON: it is nested too deeply, or has a name or a number that is too long",
                error.getMessage());
    }
}
