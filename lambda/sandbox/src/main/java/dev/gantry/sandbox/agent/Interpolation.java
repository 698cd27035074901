package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.sandbox.ssm.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts parameter values into a document, as the agent does it (AWS-FACTS section 2a): one pass over the text, so that a
 * value that looks like a reference stays what it is; unknown references stay too; a value that is no string becomes
 * JSON inside of a longer string; {@code $$} in a value becomes {@code $}. A parameter of {@code interpolationType:
 * ENV_VAR} goes into scripts as {@code $SSM_NAME} and its value into the environment.
 */
final class Interpolation {
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{\\s*([a-zA-Z0-9_]+)\\s*}}");

    private final Map<String, JsonNode> values;
    private final Map<String, String> environment;

    private Interpolation(Map<String, JsonNode> values, Map<String, String> environment) {
        this.values = values;
        this.environment = environment;
    }

    /**
     * @param given as SendCommand gave them; defaults come from the document
     * @param envVar whether this agent understands ENV_VAR
     */
    static Interpolation of(JsonNode document, Map<String, List<String>> given, boolean envVar) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        Map<String, String> environment = new LinkedHashMap<>();
        document.path("parameters").properties().forEach(entry -> {
            JsonNode declaration = entry.getValue();
            JsonNode value = given.containsKey(entry.getKey())
                    ? typed(declaration.path("type").asText(), given.get(entry.getKey()))
                    : declaration.path("default");
            values.put(entry.getKey(), value);
            if (envVar && declaration.path("interpolationType").asText().equals("ENV_VAR")) {
                environment.put(entry.getKey(), environmentText(value));
            }
        });
        return new Interpolation(values, environment);
    }

    /** The variables that scripts get: {@code SSM_} and the parameter's name. */
    Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        environment.forEach((name, value) -> variables.put("SSM_" + name, value));
        return variables;
    }

    /** Anything but a script: values stand as they are. */
    JsonNode apply(JsonNode node) {
        return apply(node, this::insert);
    }

    /** The lines of a script: ENV_VAR parameters become references to the environment. */
    JsonNode applyToScript(JsonNode node) {
        return apply(node, name -> environment.containsKey(name) ? "$SSM_" + name : insert(name));
    }

    private JsonNode apply(JsonNode node, UnaryOperator<String> insert) {
        if (node.isTextual()) {
            return text(node.asText(), insert);
        }
        if (node.isArray()) {
            return Json.nodes(Json.elements(node).stream()
                    .map(element -> apply(element, insert))
                    .toList());
        }
        if (node.isObject()) {
            ObjectNode object = Json.object();
            node.properties().forEach(entry -> object.set(entry.getKey(), apply(entry.getValue(), insert)));
            return object;
        }
        return node;
    }

    private JsonNode text(String text, UnaryOperator<String> insert) {
        Matcher whole = REFERENCE.matcher(text);
        if (whole.matches() && values.containsKey(whole.group(1))) {
            JsonNode value = values.get(whole.group(1));
            return value.isTextual() || value.isMissingNode() ? new TextNode(insert.apply(whole.group(1))) : value;
        }
        return new TextNode(REFERENCE
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        values.containsKey(match.group(1)) ? insert.apply(match.group(1)) : match.group())));
    }

    private String insert(String name) {
        JsonNode value = values.get(name);
        String text = value.isTextual() || value.isMissingNode() ? value.asText() : value.toString();
        return text.replace("$$", "$");
    }

    private static JsonNode typed(String type, List<String> given) {
        String first = given.isEmpty() ? "" : given.get(0);
        return switch (type) {
            case "StringList" -> Json.array(given);
            case "MapList" -> Json.nodes(
                    given.stream().flatMap(text -> Json.parse(text).stream()).toList());
            case "StringMap", "Boolean", "Integer" -> Json.parse(first).orElse(new TextNode(first));
            default -> new TextNode(first);
        };
    }

    /** Go's way to print a list. */
    private static String environmentText(JsonNode value) {
        if (value.isArray()) {
            return "[" + String.join(" ", Json.texts(value)) + "]";
        }
        return value.isTextual() || value.isMissingNode() ? value.asText() : value.toString();
    }
}
