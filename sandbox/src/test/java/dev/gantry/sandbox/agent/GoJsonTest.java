package dev.gantry.sandbox.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ssm.Json;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoJsonTest {

    private static JsonNode json(String text) {
        return Json.parse(text).orElseThrow();
    }

    @Test
    void valuesAreMarshalledWithSortedKeysAndEscapedForHtml() {
        assertEquals(
                "{\"a\":[1,true,null,\"\\u003cb\\u003e \\u0026 \\\"\"],\"b\":1.5}",
                GoJson.marshal(json("{\"b\":1.50,\"a\":[1,true,null,\"<b> & \\\"\"]}")));
        assertEquals("[1e+21,1e-7,12345678901234567000]", GoJson.marshal(json("[1e21,1e-7,12345678901234567000]")));
    }

    @Test
    void valuesArePrintedAsFmtPrintsThem() {
        assertEquals(
                "map[a:[1 x <nil>] b:map[c:1.5 d:1e-05]]",
                GoJson.print(json("{\"b\":{\"d\":0.00001,\"c\":1.5},\"a\":[1,\"x\",null]}")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{not json ~ invalid character 'n' looking for beginning of object key string",
                "`` ~ unexpected end of JSON input",
                "{\"a\" ~ unexpected end of JSON input",
                "{\"a\" 1} ~ invalid character '1' after object key",
                "{\"a\":1 2} ~ invalid character '2' after object key:value pair",
                "{\"a\":1,} ~ invalid character '}' looking for beginning of object key string",
                "[1 2] ~ invalid character '2' after array element",
                "{} x ~ invalid character 'x' after top-level value",
                "{\"a\":tru} ~ invalid character '}' in literal true (expecting 'e')",
                "{'a':1} ~ invalid character '\\'' looking for beginning of object key string",
                "{\"a\":-} ~ invalid character '}' in numeric literal",
                "\"\\x\" ~ invalid character 'x' in string escape code",
                "https://x ~ invalid character 'h' looking for beginning of value"
            })
    void textThatIsNoJsonIsRefusedInGosWords(String text, String error) {
        assertEquals(Optional.of(error), GoJson.syntaxError(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", " {\"a\": [1, -2.5e+3, \"x\\u00e4\\n\", {\"b\": null}], \"c\": true} ", "0", "\"\""})
    void jsonHasNoError(String text) {
        assertEquals(Optional.empty(), GoJson.syntaxError(text));
    }

    @Test
    void aStructureTakesKeysOfAnyCaseAndReportsTheFirstValueThatDoesNotFit() {
        GoStruct struct =
                new GoStruct("module", "Input", Map.of("Lines", GoStruct.Type.STRINGS, "Folder", GoStruct.Type.STRING));

        assertEquals("/a", struct.fill(json("{\"folder\":\"/a\",\"x\":1}")).text("Folder"));
        assertEquals("", struct.fill(json("{\"folder\":null}")).text("Folder"));
        assertEquals(
                Optional.of("json: cannot unmarshal number into Go struct field Input.Folder of type string"),
                struct.fill(json("{\"lines\":[\"a\",[]],\"FOLDER\":1}")).error());
        assertEquals(
                Optional.of("json: cannot unmarshal array into Go struct field Input.Lines of type string"),
                struct.fill(json("{\"lines\":[\"a\",[]]}")).error());
        assertEquals(
                Optional.of("json: cannot unmarshal array into Go value of type module.Input"),
                struct.fill(json("[]")).error());
    }
}
