package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.wire.AwsError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The parameters that a Command document declares, and what SendCommand asks of the values given for them: known names,
 * values where there is no default, the right type, {@code allowedValues}, {@code allowedPattern} (Java's regular
 * expressions at the API, Go's on the agent) and lengths.
 */
public final class DocumentParameters {
    private final Map<String, JsonNode> declared;

    private DocumentParameters(Map<String, JsonNode> declared) {
        this.declared = declared;
    }

    /** Those that a document's content declares. */
    public static DocumentParameters of(JsonNode document) {
        Map<String, JsonNode> declared = new LinkedHashMap<>();
        document.path("parameters").properties().forEach(field -> declared.put(field.getKey(), field.getValue()));
        return new DocumentParameters(declared);
    }

    List<ObjectNode> describe() {
        List<ObjectNode> all = new ArrayList<>();
        declared.forEach((name, declaration) -> {
            ObjectNode node = Json.object().put("Name", name).put("Type", type(declaration));
            Json.text(declaration, "description").ifPresent(text -> node.put("Description", text));
            JsonNode value = declaration.path("default");
            if (!value.isMissingNode()) {
                node.put("DefaultValue", value.isTextual() ? value.asText() : value.toString());
            }
            all.add(node);
        });
        return all;
    }

    /** @throws AwsError {@code InvalidParameters}, naming the parameter and the rule */
    void check(Map<String, List<String>> given) {
        given.keySet().stream()
                .filter(name -> !declared.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw invalid("Parameter \"" + name + "\" is not declared in the document; it declares "
                            + declared.keySet());
                });
        checkValues(given);
    }

    private void checkValues(Map<String, List<String>> given) {
        declared.forEach((name, declaration) -> {
            if (given.containsKey(name)) {
                checkOne(name, declaration, given.get(name));
            } else if (!declaration.has("default")) {
                throw invalid("Parameter \"" + name + "\" requires a value.");
            }
        });
    }

    private static void checkOne(String name, JsonNode declaration, List<String> values) {
        String type = type(declaration);
        boolean list = type.equals("StringList") || type.equals("MapList");
        if (!list && values.size() != 1) {
            throw invalid(
                    "Parameter \"" + name + "\" is a " + type + " and takes one value, not " + values.size() + ".");
        }
        checkSize(name, declaration, values);
        for (String value : values) {
            checkType(name, type, value);
            checkAllowed(name, declaration, value);
        }
    }

    private static void checkSize(String name, JsonNode declaration, List<String> values) {
        if (declaration.has("minItems")
                && values.size() < declaration.path("minItems").asInt()) {
            throw invalid("Parameter \"" + name + "\" needs at least " + declaration.path("minItems") + " values.");
        }
        if (declaration.has("maxItems")
                && values.size() > declaration.path("maxItems").asInt()) {
            throw invalid("Parameter \"" + name + "\" takes at most " + declaration.path("maxItems") + " values.");
        }
    }

    private static void checkType(String name, String type, String value) {
        boolean right =
                switch (type) {
                    case "Boolean" -> value.equals("true") || value.equals("false");
                    case "Integer" -> Pattern.matches("-?[0-9]{1,18}", value);
                    case "StringMap", "MapList" -> Json.parse(value)
                            .filter(JsonNode::isObject)
                            .isPresent();
                    default -> true;
                };
        if (!right) {
            throw invalid("Parameter \"" + name + "\" is no " + type + ".");
        }
    }

    private static void checkAllowed(String name, JsonNode declaration, String value) {
        if (declaration.has("allowedValues")
                && !Json.texts(declaration.path("allowedValues")).contains(value)) {
            throw invalid("Parameter \"" + name + "\" must be one of " + declaration.path("allowedValues") + ".");
        }
        if (declaration.has("allowedPattern")) {
            String pattern = declaration.path("allowedPattern").asText();
            if (!Pattern.compile(pattern).matcher(value).find()) {
                throw invalid("Parameter \"" + name + "\" must match the pattern " + pattern + ".");
            }
        }
        if (declaration.has("minChars")
                && value.length() < declaration.path("minChars").asInt()) {
            throw invalid("Parameter \"" + name + "\" needs at least " + declaration.path("minChars") + " characters.");
        }
        if (declaration.has("maxChars")
                && value.length() > declaration.path("maxChars").asInt()) {
            throw invalid("Parameter \"" + name + "\" takes at most " + declaration.path("maxChars") + " characters.");
        }
    }

    private static String type(JsonNode declaration) {
        return declaration.path("type").asText();
    }

    private static AwsError invalid(String why) {
        return AwsError.badRequest("InvalidParameters", why);
    }
}
