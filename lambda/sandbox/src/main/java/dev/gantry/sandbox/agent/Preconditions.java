package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ssm.Json;
import java.util.List;
import java.util.Optional;

/**
 * A step's {@code precondition}: {@code StringEquals} with two operands, of which one may be the variable {@code
 * platformType}; the agent compares parameters' values after they have been filled in. Every machine of the sandbox is
 * Linux.
 */
final class Preconditions {
    private Preconditions() {}

    /** Why the step is not to run; empty where it is. */
    static Optional<String> unmet(JsonNode precondition, JsonNode document) {
        if (document.path("schemaVersion").asText().equals("2.0")) {
            return Optional.empty();
        }
        for (var condition : precondition.properties()) {
            List<String> operands = Json.texts(condition.getValue());
            if (!condition.getKey().equals("StringEquals") || operands.size() != 2) {
                return Optional.of("\"" + condition.getKey() + "\": [" + String.join(", ", operands) + "]");
            }
            if (!value(operands.get(0)).equals(value(operands.get(1)))) {
                return Optional.of("\"StringEquals\": [" + String.join(", ", operands) + "]");
            }
        }
        return Optional.empty();
    }

    private static String value(String operand) {
        return operand.equals("platformType") ? "Linux" : operand;
    }
}
