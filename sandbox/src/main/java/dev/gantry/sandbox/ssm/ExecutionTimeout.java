package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a document may execute: the sum of the timeouts of its aws:runShellScript steps. An instance has {@code
 * TimeoutSeconds} plus this before the service gives a command up (user guide, "Understanding command timeout values").
 */
public final class ExecutionTimeout {
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{\\s*([a-zA-Z0-9_]+)\\s*}}");
    private static final long DEFAULT_SECONDS = 3600;
    private static final long MAX_SECONDS = 172_800;
    private static final long MIN_SECONDS = 5;

    private ExecutionTimeout() {}

    static long seconds(JsonNode document, Map<String, List<String>> parameters) {
        long total = Json.elements(document.path("mainSteps")).stream()
                .filter(step -> step.path("action").asText().equals("aws:runShellScript"))
                .mapToLong(step -> step(document, step, parameters))
                .sum();
        return Math.max(total, MIN_SECONDS);
    }

    private static long step(JsonNode document, JsonNode step, Map<String, List<String>> parameters) {
        String text = timeout(step.path("inputs")).asText(String.valueOf(DEFAULT_SECONDS));
        Matcher reference = REFERENCE.matcher(text);
        if (reference.matches()) {
            String name = reference.group(1);
            String fallback =
                    document.path("parameters").path(name).path("default").asText("");
            text = parameters.getOrDefault(name, List.of(fallback)).stream()
                    .findFirst()
                    .orElse("");
        }
        return clamp(text);
    }

    /** Keys of inputs are matched whatever their case. */
    private static JsonNode timeout(JsonNode inputs) {
        return inputs.properties().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase("timeoutSeconds"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(inputs.path("timeoutSeconds"));
    }

    /**
     * What the agent makes of a step's {@code timeoutSeconds}, a number or a text, once parameters are filled in
     * (pluginutil.ValidateExecutionTimeout): the fraction is cut off, and what is no number, or outside of 5 to 172,800, means
     * 3,600.
     */
    public static long ofInput(JsonNode input) {
        return input.isNumber()
                ? clamp(input.doubleValue())
                : input.isTextual() ? clamp(input.textValue()) : DEFAULT_SECONDS;
    }

    private static long clamp(String text) {
        // As Go's strconv reads numbers: without spaces around them.
        return text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,9})?")
                ? clamp(Double.parseDouble(text))
                : DEFAULT_SECONDS;
    }

    private static long clamp(double seconds) {
        return seconds < MIN_SECONDS || seconds >= MAX_SECONDS + 1 ? DEFAULT_SECONDS : (long) seconds;
    }
}
