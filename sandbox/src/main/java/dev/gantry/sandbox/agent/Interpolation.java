package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.sandbox.ssm.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts parameter values into a document, as the agent does it (docparser/parameters): one pass over the text, so that a value
 * that looks like a reference stays what it is; unknown references stay too. Where a reference is the whole text the value takes
 * its place as it is; inside of a longer text a value that is no string becomes JSON, and {@code $$} becomes {@code $}. Keys of
 * objects are left alone. A parameter of {@code interpolationType: ENV_VAR} goes into scripts as {@code $SSM_NAME} and its value
 * into the environment.
 */
final class Interpolation {
    private static final Pattern REFERENCE =
            Pattern.compile("\\{\\{[ \\t\\n\\f\\r]*([a-zA-Z0-9_.-]+)[ \\t\\n\\f\\r]*}}");
    /** Only such names can be given, and only such a reference can be a whole text. */
    private static final Pattern VALID_NAME = Pattern.compile("[a-zA-Z0-9]+");

    private final Map<String, JsonNode> values;
    private final Map<String, String> environment;

    private Interpolation(Map<String, JsonNode> values, Map<String, String> environment) {
        this.values = values;
        this.environment = environment;
    }

    /**
     * The substitution for a document that was sent.
     *
     * @param given as SendCommand gave them; defaults come from the document
     * @param envVar whether this agent understands ENV_VAR
     */
    static Interpolation ofCommand(JsonNode document, Map<String, List<String>> given, boolean envVar) {
        Map<String, JsonNode> typed = new LinkedHashMap<>();
        JsonNode declared = document.path("parameters");
        given.forEach((name, value) ->
                typed.put(name, typed(declared.path(name).path("type").asText(), value)));
        return of(document, typed, envVar);
    }

    /** The substitution for a document inside another one, which passes values of any type. */
    static Interpolation of(JsonNode document, Map<String, JsonNode> given, boolean envVar) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        given.forEach((name, value) -> {
            if (VALID_NAME.matcher(name).matches()) {
                values.put(name, value);
            }
        });
        Map<String, String> environment = new LinkedHashMap<>();
        document.path("parameters").properties().forEach(entry -> {
            JsonNode fallback = entry.getValue().path("default");
            values.putIfAbsent(entry.getKey(), fallback.isMissingNode() ? NullNode.getInstance() : fallback);
            if (envVar && entry.getValue().path("interpolationType").asText().equals("ENV_VAR")) {
                environment.put(entry.getKey(), environmentText(values.get(entry.getKey())));
            }
        });
        return new Interpolation(values, environment);
    }

    Map<String, JsonNode> values() {
        return values;
    }

    /** The variables that scripts get: {@code SSM_} and the parameter's name. */
    Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        environment.forEach((name, value) -> variables.put("SSM_" + name, value));
        return variables;
    }

    /** Anything but a script: values stand as they are. */
    JsonNode apply(JsonNode node) {
        return apply(node, name -> Optional.empty());
    }

    /** The lines of a script: ENV_VAR parameters become references to the environment. */
    JsonNode applyToScript(JsonNode node) {
        return apply(node, name -> Optional.of("$SSM_" + name).filter(variable -> environment.containsKey(name)));
    }

    /** A text that stays one, as the operands of preconditions do. */
    String text(String text) {
        JsonNode value = apply(new TextNode(text));
        return value.isTextual() ? value.textValue() : GoJson.marshal(value);
    }

    /** @param variable what stands for a parameter's value instead of the value */
    private JsonNode apply(JsonNode node, Function<String, Optional<String>> variable) {
        if (node.isTextual()) {
            return text(node.asText(), variable);
        }
        if (node.isArray()) {
            return Json.nodes(Json.elements(node).stream()
                    .map(element -> apply(element, variable))
                    .toList());
        }
        if (node.isObject()) {
            ObjectNode object = Json.object();
            node.properties().forEach(entry -> object.set(entry.getKey(), apply(entry.getValue(), variable)));
            return object;
        }
        return node;
    }

    private JsonNode text(String text, Function<String, Optional<String>> variable) {
        Matcher whole = REFERENCE.matcher(text);
        if (whole.matches()
                && values.containsKey(whole.group(1))
                && VALID_NAME.matcher(whole.group(1)).matches()) {
            JsonNode value = values.get(whole.group(1));
            boolean single = value.isTextual() || value.isNull();
            return single
                    ? variable.apply(whole.group(1))
                            .<JsonNode>map(TextNode::new)
                            .orElse(value)
                    : value;
        }
        return new TextNode(REFERENCE
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        values.containsKey(match.group(1))
                                ? variable.apply(match.group(1)).orElseGet(() -> insert(match.group(1)))
                                : match.group())));
    }

    private String insert(String name) {
        JsonNode value = values.get(name);
        return (value.isTextual() ? value.textValue() : GoJson.marshal(value)).replace("$$", "$");
    }

    private static JsonNode typed(String type, List<String> given) {
        String first = given.isEmpty() ? "" : given.get(0);
        return switch (type) {
            case "StringList" -> Json.array(given);
            case "MapList" -> Json.nodes(
                    given.stream().flatMap(text -> Json.parse(text).stream()).toList());
            case "StringMap" -> Json.parse(first).orElse(new TextNode(first));
            default -> new TextNode(first);
        };
    }

    /** Go's way to print a list. */
    private static String environmentText(JsonNode value) {
        return value.isObject() ? GoJson.marshal(value) : value.isNull() ? "" : GoJson.print(value);
    }
}
