package dev.gantry.sandbox.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventPatternTest {
    private static final JsonNode EVENT = json(
            """
            {"source": "aws.ssm", "resources": ["arn:one", "arn:two"],
             "detail": {"status": "Success", "document-name": "AWS-Apply"}}
            """);

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"source\": [\"aws.ssm\"]} | true",
                "{\"source\": [\"aws.ec2\", \"aws.ssm\"]} | true",
                "{\"source\": [\"aws.ec2\"]} | false",
                "{\"source\": [\"aws.ssm\"], \"detail\": {\"status\": [\"Failed\"]}} | false",
                "{\"detail\": {\"status\": [\"Success\"], \"document-name\": [{\"prefix\": \"AWS-\"}]}} | true",
                "{\"detail\": {\"document-name\": [{\"suffix\": \"-Apply\"}]}} | true",
                "{\"detail\": {\"status\": [{\"anything-but\": \"Success\"}]}} | false",
                "{\"detail\": {\"status\": [{\"anything-but\": [\"Pending\", \"InProgress\"]}]}} | true",
                "{\"detail\": {\"status\": [{\"anything-but\": {\"prefix\": \"Succ\"}}]}} | false",
                "{\"detail\": {\"instance-id\": [{\"anything-but\": \"i-1\"}]}} | false",
                "{\"detail\": {\"instance-id\": [{\"exists\": false}]}} | true",
                "{\"detail\": {\"status\": [{\"exists\": true}]}} | true",
                "{\"resources\": [\"arn:two\"]} | true",
                "{\"nothing\": {\"of\": [\"this\"]}} | false"
            })
    void matchesAsEventBridgeDoes(String pattern, boolean expected) {
        assertEquals(expected, EventPattern.parse(pattern).matches(EVENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"source\": \"aws.ssm\"}", "{\"detail\": {}}", "not json"})
    void textThatIsNoPatternIsRefused(String pattern) {
        assertThrows(IllegalArgumentException.class, () -> EventPattern.parse(pattern));
    }

    @Test
    void anUnknownOperatorIsRefusedByName() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> EventPattern.parse("{\"detail\": {\"n\": [{\"numeric\": [\">\", 3]}]}}"))
                .getMessage();
        assertTrue(message.contains("$.detail.n") && message.contains("numeric"), message);
    }
}
