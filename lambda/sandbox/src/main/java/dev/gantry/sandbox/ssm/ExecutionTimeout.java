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
        String text = step.path("inputs").path("timeoutSeconds").asText(String.valueOf(DEFAULT_SECONDS));
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

    /** Outside of 5 to 172,800 the agent takes 3,600 (AWS-FACTS section 2). */
    public static long clamp(String text) {
        if (!text.strip().matches("[0-9]{1,9}")) {
            return DEFAULT_SECONDS;
        }
        long seconds = Long.parseLong(text.strip());
        return seconds < MIN_SECONDS || seconds > MAX_SECONDS ? DEFAULT_SECONDS : seconds;
    }
}
