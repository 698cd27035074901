package dev.gantry.sandbox.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The response of a function that reports batch item failures: the messages of its batch that failed. All of them failed if
 * the response is malformed. Source: developer guide, "Implementing partial batch responses", success and failure conditions.
 */
final class BatchResponse {
    private static final ObjectMapper JSON = new ObjectMapper();

    private BatchResponse() {}

    /** The ids of the messages that failed, among those of the batch. */
    static Set<String> failures(String response, Set<String> batch) {
        return parse(response).filter(batch::containsAll).orElse(batch);
    }

    /** Empty where the response is malformed. */
    private static Optional<Set<String>> parse(String response) {
        JsonNode json;
        try {
            json = JSON.readTree(response);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        if (json.isNull() || json.isMissingNode()) {
            return Optional.of(Set.of());
        }
        JsonNode failures = json.path("batchItemFailures");
        if (!json.isObject() || !(failures.isArray() || failures.isNull() || failures.isMissingNode())) {
            return Optional.empty();
        }
        Set<String> ids = new HashSet<>();
        for (JsonNode failure : failures) {
            String id = failure.path("itemIdentifier").asText("");
            if (id.isEmpty() || !failure.path("itemIdentifier").isTextual()) {
                return Optional.empty();
            }
            ids.add(id);
        }
        return Optional.of(ids);
    }
}
