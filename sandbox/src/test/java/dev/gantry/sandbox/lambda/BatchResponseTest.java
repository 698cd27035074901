package dev.gantry.sandbox.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchResponseTest {
    private static final Set<String> BATCH = Set.of("a", "b");

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "{\"batchItemFailures\":null}", "{\"batchItemFailures\":[]}"})
    void allSucceeded(String response) {
        assertEquals(Set.of(), BatchResponse.failures(response, BATCH));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "\"done\"",
                "{\"batchItemFailures\":7}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
                "{\"batchItemFailures\":[{\"id\":\"a\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"stranger\"}]}"
            })
    void allFailed(String response) {
        assertEquals(BATCH, BatchResponse.failures(response, BATCH));
    }

    @ParameterizedTest
    @ValueSource(strings = "{\"batchItemFailures\":[{\"itemIdentifier\":\"b\"}]}")
    void oneFailed(String response) {
        assertEquals(Set.of("b"), BatchResponse.failures(response, BATCH));
    }
}
