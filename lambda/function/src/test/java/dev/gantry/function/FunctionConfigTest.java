package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionConfigTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "GANTRY_BUCKET", "gantry-sandbox",
            "GANTRY_QUEUE_URL", "https://sqs/launches",
            "GANTRY_DLQ_URL", "https://sqs/dlq",
            "AWS_REGION", "eu-central-1",
            "GANTRY_TIMEOUT_SECONDS", "60");

    @Test
    void withoutAPagerQueuePagesAreLinesOfTheLog() {
        assertEquals(Optional.empty(), FunctionConfig.of(ENVIRONMENT).pagerUrl());
    }

    @Test
    void thePagerQueueIsUsedIfItIsNamed() {
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.put("GANTRY_PAGER_URL", "https://sqs/pages");

        assertEquals(
                Optional.of("https://sqs/pages"), FunctionConfig.of(environment).pagerUrl());
    }

    @Test
    void aQueueWithABlankNameIsNotUsed() {
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.put("GANTRY_PAGER_URL", " ");
        environment.put("GANTRY_BASTION_QUEUE_URL", "");

        assertEquals(Optional.empty(), FunctionConfig.of(environment).pagerUrl());
        assertEquals(Optional.empty(), FunctionConfig.of(environment).bastionUrl());
    }

    @Test
    void theBastionsQueueIsUsedIfItIsNamed() {
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        assertEquals(Optional.empty(), FunctionConfig.of(environment).bastionUrl());
        environment.put("GANTRY_BASTION_QUEUE_URL", "https://sqs/bastion");

        assertEquals(
                Optional.of("https://sqs/bastion"),
                FunctionConfig.of(environment).bastionUrl());
    }

    @Test
    void theEnvironmentIsUsedIfItIsNamed() {
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        assertEquals(Optional.empty(), FunctionConfig.of(environment).environment());
        environment.put("GANTRY_ENVIRONMENT", "gantry-dev");

        assertEquals(Optional.of("gantry-dev"), FunctionConfig.of(environment).environment());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GANTRY_BUCKET", "GANTRY_QUEUE_URL", "GANTRY_DLQ_URL", "AWS_REGION", "GANTRY_TIMEOUT_SECONDS"})
    void aMissingVariableIsNamed(String name) {
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.remove(name);

        var refused = assertThrows(IllegalArgumentException.class, () -> FunctionConfig.of(environment));

        assertTrue(String.valueOf(refused.getMessage()).contains(name), refused.getMessage());
    }
}
