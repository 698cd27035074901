package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gantry.sandbox.ssm.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A structure of the agent's, and how Go's json.Unmarshal fills it: keys are matched whatever their case, unknown ones are
 * ignored, null leaves a field empty, and a value of another type is an error with Go's words.
 *
 * @param module the Go package it is in, which errors about the whole name
 * @param fields their types, by the names that errors show
 */
record GoStruct(String module, String name, Map<String, Type> fields) {

    /** The types of fields that the agent's inputs have. */
    enum Type {
        STRING("string"),
        STRINGS("[]string"),
        STRING_MAP("map[string]string"),
        BOOL("bool"),
        ANYTHING("interface {}");

        private final String goName;

        Type(String goName) {
            this.goName = goName;
        }
    }

    /** What was read. A field that was not given is missing. */
    static final class Filled {
        private final Map<String, JsonNode> values = new LinkedHashMap<>();
        private String error = "";

        JsonNode get(String field) {
            return values.getOrDefault(field, MissingNode.getInstance());
        }

        /** Empty where it is not given: Go's zero value. */
        String text(String field) {
            return get(field).asText("");
        }

        Optional<String> error() {
            return Optional.of(error).filter(text -> !text.isEmpty());
        }
    }

    Filled fill(JsonNode object) {
        Filled filled = new Filled();
        if (object.isMissingNode() || object.isNull()) {
            return filled;
        }
        if (!object.isObject()) {
            filled.error =
                    "json: cannot unmarshal " + GoJson.kind(object) + " into Go value of type " + module + "." + name;
            return filled;
        }
        GoJson.sorted(object).forEach((key, value) -> fields.keySet().stream()
                .filter(field -> field.equalsIgnoreCase(key))
                .filter(field -> !value.isNull())
                .forEach(field -> put(filled, field, value)));
        return filled;
    }

    private void put(Filled filled, String field, JsonNode value) {
        Type type = fields.get(field);
        filled.values.put(field, value);
        switch (type) {
            case STRING -> require(filled, field, value, value.isTextual(), type);
            case BOOL -> require(filled, field, value, value.isBoolean(), type);
            case STRINGS -> {
                require(filled, field, value, value.isArray(), type);
                elements(filled, field, value);
            }
            case STRING_MAP -> {
                require(filled, field, value, value.isObject(), type);
                elements(filled, field, value);
            }
            case ANYTHING -> {}
        }
    }

    private void elements(Filled filled, String field, JsonNode container) {
        Iterable<JsonNode> elements =
                container.isObject() ? GoJson.sorted(container).values() : Json.elements(container);
        elements.forEach(
                element -> require(filled, field, element, element.isTextual() || element.isNull(), Type.STRING));
    }

    /** Go goes on after an error of this sort, and gives the first. */
    private void require(Filled filled, String field, JsonNode value, boolean fits, Type type) {
        if (!fits && filled.error.isEmpty()) {
            filled.error = "json: cannot unmarshal " + GoJson.kind(value) + " into Go struct field " + name + "."
                    + field + " of type " + type.goName;
        }
    }
}
