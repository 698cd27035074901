package dev.gantry.sandbox.autoscaling;

import dev.gantry.sandbox.wire.AwsError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The form parameters of a call, or of one structure in it, read by name and checked against the model's constraints.
 */
final class Query {
    private final Map<String, String> parameters;
    private final String prefix;

    Query(Map<String, String> parameters) {
        this(parameters, "");
    }

    private Query(Map<String, String> parameters, String prefix) {
        this.parameters = parameters;
        this.prefix = prefix;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(parameters.get(prefix + name));
    }

    /** A string of {@code min} to {@code max} characters. */
    Optional<String> text(String name, int min, int max) {
        text(name).ifPresent(value -> checkLength(name, value, min, max));
        return text(name);
    }

    String required(String name, int min, int max) {
        return text(name, min, max).orElseThrow(() -> missing(name));
    }

    String required(String name, int min, int max, Pattern pattern) {
        String value = required(name, min, max);
        if (!pattern.matcher(value).matches()) {
            throw Faults.constraint(
                    "'" + value + "'", name, "satisfy regular expression pattern: " + pattern.pattern());
        }
        return value;
    }

    Optional<Integer> integer(String name) {
        return text(name).map(value -> parsed(name, value));
    }

    /** A number within bounds that the documentation states. */
    Optional<Integer> integer(String name, int min, int max) {
        Optional<Integer> value = integer(name);
        value.filter(v -> v < min).ifPresent(v -> {
            throw Faults.constraint("'" + v + "'", name, "have value greater than or equal to " + min);
        });
        value.filter(v -> v > max).ifPresent(v -> {
            throw Faults.constraint("'" + v + "'", name, "have value less than or equal to " + max);
        });
        return value;
    }

    int requiredInteger(String name, int min) {
        return integer(name, min, Integer.MAX_VALUE).orElseThrow(() -> missing(name));
    }

    Optional<Boolean> flag(String name) {
        return text(name).map(value -> switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw malformed(name, value);
        });
    }

    boolean requiredFlag(String name) {
        return flag(name).orElseThrow(() -> missing(name));
    }

    /** A list of strings; empty where the parameter is absent, which the protocol cannot tell from an empty list. */
    List<String> list(String name) {
        List<String> values = new ArrayList<>();
        for (int i = 1; text(name + ".member." + i).isPresent(); i++) {
            values.add(text(name + ".member." + i).orElseThrow());
        }
        return List.copyOf(values);
    }

    List<Query> structures(String name) {
        List<Query> values = new ArrayList<>();
        for (int i = 1; has(name + ".member." + i); i++) {
            values.add(new Query(parameters, prefix + name + ".member." + i + "."));
        }
        return List.copyOf(values);
    }

    Optional<Query> structure(String name) {
        return has(name) ? Optional.of(new Query(parameters, prefix + name + ".")) : Optional.empty();
    }

    /** Whether anything was given under this name. */
    boolean has(String name) {
        return parameters.containsKey(prefix + name)
                || parameters.keySet().stream().anyMatch(key -> key.startsWith(prefix + name + "."));
    }

    private static void checkLength(String name, String value, int min, int max) {
        if (value.length() < min) {
            throw Faults.constraint("'" + value + "'", name, "have length greater than or equal to " + min);
        }
        if (value.length() > max) {
            throw Faults.constraint("'" + value + "'", name, "have length less than or equal to " + max);
        }
    }

    private static int parsed(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw malformed(name, value);
        }
    }

    private static AwsError missing(String name) {
        return Faults.constraint("null", name, "not be null");
    }

    private static AwsError malformed(String name, String value) {
        return AwsError.badRequest("MalformedInput", "The value '" + value + "' of " + name + " cannot be read");
    }
}
