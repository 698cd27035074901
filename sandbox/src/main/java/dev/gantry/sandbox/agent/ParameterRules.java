package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ssm.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What the agent itself asks of parameters' values (docparser/paramvalidator): of every document that they match the {@code
 * allowedPattern}; of one inside of aws:runDocument also sizes and {@code allowedValues}, which SendCommand has checked for the
 * outer one.
 */
final class ParameterRules {
    private ParameterRules() {}

    /** Why the document cannot run with these values; empty where it can. */
    static Optional<String> broken(JsonNode document, Interpolation interpolation, boolean inner) {
        List<String> errors = new ArrayList<>();
        document.path("parameters").properties().forEach(entry -> {
            JsonNode value = interpolation.values().get(entry.getKey());
            pattern(entry.getValue(), value)
                    .ifPresent(why -> errors.add(thrown("AllowedRegexParamValidator", entry.getKey(), why)));
        });
        document.path("parameters").properties().forEach(entry -> {
            JsonNode value = interpolation.values().get(entry.getKey());
            if (inner) {
                characters(entry.getValue(), value)
                        .ifPresent(why -> errors.add(thrown("MinMaxCharParamValidator", entry.getKey(), why)));
                items(entry.getValue(), value)
                        .ifPresent(why -> errors.add(thrown("MinMaxItemParamValidator", entry.getKey(), why)));
                allowed(entry.getValue(), value)
                        .ifPresent(why -> errors.add(thrown("AllowedValueParamValidator", entry.getKey(), why)));
            }
        });
        return errors.isEmpty()
                ? Optional.empty()
                : Optional.of("all errors during param validation errors: " + String.join("\n", errors));
    }

    private static String thrown(String validator, String name, String why) {
        return "error thrown in '" + validator + "' while validating parameter /" + name + "/: " + why;
    }

    private static Optional<String> pattern(JsonNode rule, JsonNode value) {
        String pattern = rule.path("allowedPattern").asText("");
        if (pattern.isEmpty()) {
            return Optional.empty();
        }
        if (!isText(value)) {
            return Optional.of(invalidType(rule, value));
        }
        Pattern compiled;
        try {
            compiled = Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            return Optional.of("encountered error while compiling allowed pattern - internal error: " + e.getMessage());
        }
        return parts(value).stream()
                .filter(part -> !compiled.matcher(text(part)).find())
                .findFirst()
                .map(part -> "parameter value /" + GoJson.print(part) + "/ does not match the allowed pattern /"
                        + pattern + "/");
    }

    private static Optional<String> characters(JsonNode rule, JsonNode value) {
        String type = rule.path("type").asText();
        if ((!rule.has("minChars") && !rule.has("maxChars")) || type.equals("Integer") || type.equals("Boolean")) {
            return Optional.empty();
        }
        if (!isText(value)) {
            return Optional.of(invalidType(rule, value));
        }
        for (JsonNode part : parts(value)) {
            int length = text(part).getBytes(StandardCharsets.UTF_8).length;
            if (length < limit(rule, "minChars", 0, 0)) {
                return Optional.of("parameter value /" + text(part) + "/ is less than the min char limit /"
                        + limit(rule, "minChars", 0, 0) + "/");
            }
            if (length > limit(rule, "maxChars", Integer.MAX_VALUE, Integer.MAX_VALUE)) {
                return Optional.of("parameter value /" + text(part) + "/ is exceeding the max chars /"
                        + limit(rule, "maxChars", Integer.MAX_VALUE, Integer.MAX_VALUE) + "/");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> items(JsonNode rule, JsonNode value) {
        String type = rule.path("type").asText();
        boolean ignored = List.of("Integer", "Boolean", "String").contains(type);
        if ((!rule.has("minItems") && !rule.has("maxItems")) || ignored || value.isTextual()) {
            return Optional.empty();
        }
        if (!isText(value)) {
            return Optional.of(invalidType(rule, value));
        }
        if (value.size() < limit(rule, "minItems", 0, 0)) {
            return Optional.of("parameter value list length /" + value.size() + "/ is less the min item count");
        }
        int most = limit(rule, "maxItems", Integer.MAX_VALUE, Integer.MAX_VALUE);
        return value.size() > most
                ? Optional.of("parameter value list length /" + most + "/ has exceeded the max item count")
                : Optional.empty();
    }

    private static Optional<String> allowed(JsonNode rule, JsonNode value) {
        String type = rule.path("type").asText();
        if (type.equals("Integer")) {
            return integer(rule, value);
        } else if (type.equals("Boolean")) {
            return value.isBoolean() && value.equals(rule.path("default"))
                    ? Optional.empty()
                    : Optional.of("parameter value /" + GoJson.print(value) + "/ not equal to default for Boolean");
        } else if (rule.path("allowedValues").isEmpty()) {
            return Optional.empty();
        } else if (!isText(value)) {
            return Optional.of(invalidType(rule, value));
        }
        List<String> allowed = Json.texts(rule.path("allowedValues"));
        return parts(value).stream()
                .filter(part -> !allowed.contains(text(part)))
                .findFirst()
                .map(part -> "parameter value /" + text(part) + "/ is not in the allowed list "
                        + GoJson.print(rule.path("allowedValues")));
    }

    /** An inner document's whole numbers can only be what they are by default. */
    private static Optional<String> integer(JsonNode rule, JsonNode value) {
        if (!value.isNumber()) {
            return Optional.of("could not convert /" + GoJson.print(value) + "/ to float64 for Integer");
        }
        if (Math.abs(value.doubleValue()) >= Integer.MAX_VALUE) {
            return Optional.of(
                    "out-of-boundary error for parameter value /" + GoJson.print(value) + "/ for type Integer ");
        }
        String fallback = GoJson.print(rule.path("default"));
        return GoJson.print(value).equals(fallback)
                ? Optional.empty()
                : Optional.of("parameter value /" + GoJson.print(value) + "/ not equal to default /" + fallback
                        + "/ for Integer");
    }

    private static int limit(JsonNode rule, String name, int absent, int unusable) {
        JsonNode value = rule.path(name);
        if (value.isMissingNode()) {
            return absent;
        }
        long number = value.asLong(-1);
        return number < 0 || number > Integer.MAX_VALUE ? unusable : (int) number;
    }

    private static boolean isText(JsonNode value) {
        return value.isTextual() || value.isArray() || value.isObject();
    }

    /** What is checked one by one. */
    private static List<JsonNode> parts(JsonNode value) {
        return value.isArray() ? Json.elements(value) : List.of(value);
    }

    private static String text(JsonNode part) {
        return part.isTextual() ? part.textValue() : GoJson.marshal(part);
    }

    private static String invalidType(JsonNode rule, JsonNode value) {
        return "invalid parameter type " + rule.path("type").asText() + " with parameter value " + GoJson.print(value);
    }
}
