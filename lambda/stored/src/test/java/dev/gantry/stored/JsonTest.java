package dev.gantry.stored;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    /** What log lines and answers are made of. */
    @Test
    void mapsListsAndPlainValuesAreWrittenAsOneLine() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("text", "a \"quoted\"\nline");
        map.put("flag", true);
        map.put("count", 7);
        map.put("long", 1L << 40);
        map.put("fraction", 1.5);
        map.put("decimal", new BigDecimal("0.10"));
        map.put("none", null);
        map.put("list", Arrays.asList("a", 1, null, List.of()));
        map.put("inner", Map.of(5, Json.object().put("leaf", false)));
        map.put("other", Optional.of("its own text"));

        assertEquals(
                "{\"text\":\"a \\\"quoted\\\"\\nline\",\"flag\":true,\"count\":7,\"long\":1099511627776,\"fraction\":1.5,"
                        + "\"decimal\":0.10,\"none\":null,\"list\":[\"a\",1,null,[]],\"inner\":{\"5\":{\"leaf\":false}},"
                        + "\"other\":\"Optional[its own text]\"}",
                Json.text(map));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"b\":[1,2.5,\"c\",true,false,null,{}]},\"d\":[]}",
                "[12345678901234567890123,9007199254740993,-1]",
                "\"a text\"",
                "null"
            })
    void aTreeIsWrittenAsItWasRead(String text) {
        assertEquals(text, Json.text(Json.tree(text).orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "no", "{\"a\":1", "{\"a\":1} {\"b\":2}", "{\"a\":1,\"a\":2}"})
    void textThatIsNotOneValueIsNoTree(String text) {
        assertEquals(Optional.empty(), Json.tree(text));
    }

    /** In texts of AWS, repeated keys and text after the value are not refused. */
    @Test
    void whatAwsWroteIsReadLeniently() throws JsonProcessingException {
        JsonNode twice = Json.foreign("{\"a\":1,\"a\":2} and more");

        assertEquals(2, twice.path("a").intValue());
        assertEquals("ü", Json.foreign("\"ü\"".getBytes(StandardCharsets.UTF_8)).textValue());
        assertTrue(Json.foreign("").isMissingNode());
        assertThrows(JsonProcessingException.class, () -> Json.foreign("{\"a\""));
    }
}
