package dev.gantry.sandbox.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * An EventBridge event pattern: exact values, {@code prefix}, {@code suffix}, {@code anything-but} and {@code exists}. A
 * field may be absent from the pattern, never from the event. Source: EventBridge user guide, "Comparison operators for
 * use in event patterns". A pattern that needs more is refused when it is made, not when an event fails to match.
 */
public final class EventPattern {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode pattern;

    private EventPattern(JsonNode pattern) {
        this.pattern = pattern;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException where the pattern is no JSON, or uses an operator that is not here */
    public static EventPattern parse(String json) {
        try {
            JsonNode pattern = JSON.readTree(json);
            check(pattern, "$");
            return new EventPattern(pattern);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The event pattern is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void check(JsonNode node, String path) {
        if (!node.isObject() || node.isEmpty()) {
            throw new IllegalArgumentException("The event pattern's " + path + " must be an object that is not empty.");
        }
        node.properties().forEach(field -> {
            String at = path + "." + field.getKey();
            if (field.getValue().isArray()) {
                field.getValue().forEach(value -> checkValue(value, at));
            } else {
                check(field.getValue(), at);
            }
        });
    }

    private static void checkValue(JsonNode value, String path) {
        if (value.isObject()) {
            String operator = value.size() == 1 ? value.fieldNames().next() : "";
            switch (operator) {
                case "prefix", "suffix", "anything-but", "exists" -> {}
                default -> throw new IllegalArgumentException(
                        "The event pattern's " + path + " uses " + value + ", which the sandbox does not match.");
            }
        }
    }

    /** Whether the event, in its envelope, is one that the pattern describes. */
    public boolean matches(JsonNode event) {
        return matches(pattern, event);
    }

    private static boolean matches(JsonNode pattern, JsonNode event) {
        return pattern.properties().stream().allMatch(field -> {
            JsonNode actual = event.path(field.getKey());
            return field.getValue().isArray()
                    ? matchesAny(field.getValue(), actual)
                    : actual.isObject() && matches(field.getValue(), actual);
        });
    }

    private static boolean matchesAny(JsonNode alternatives, JsonNode actual) {
        for (JsonNode alternative : alternatives) {
            if (matchesOne(alternative, actual)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matchesOne(JsonNode alternative, JsonNode actual) {
        if (alternative.has("exists")) {
            return alternative.path("exists").asBoolean() != actual.isMissingNode();
        }
        if (actual.isArray()) {
            // An array in the event matches where any of its values does.
            for (JsonNode element : actual) {
                if (matchesOne(alternative, element)) {
                    return true;
                }
            }
            return false;
        }
        return matchesValue(alternative, actual);
    }

    private static boolean matchesValue(JsonNode alternative, JsonNode actual) {
        if (alternative.has("prefix")) {
            return actual.isTextual()
                    && actual.textValue().startsWith(alternative.path("prefix").asText());
        }
        if (alternative.has("suffix")) {
            return actual.isTextual()
                    && actual.textValue().endsWith(alternative.path("suffix").asText());
        }
        if (alternative.has("anything-but")) {
            return !actual.isMissingNode() && !isAmong(alternative.path("anything-but"), actual);
        }
        return alternative.equals(actual);
    }

    private static boolean isAmong(JsonNode excluded, JsonNode actual) {
        if (excluded.isArray()) {
            for (JsonNode one : excluded) {
                if (one.equals(actual)) {
                    return true;
                }
            }
            return false;
        }
        return excluded.isObject() ? matchesValue(excluded, actual) : excluded.equals(actual);
    }
}
