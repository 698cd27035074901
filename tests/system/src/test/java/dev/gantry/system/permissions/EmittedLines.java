package dev.gantry.system.permissions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gantry.sandbox.lambda.LogListener;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes down what the functions' log lines really hold, for the comparison with alarms, dashboard and filters
 * (scripts/lib/terraform/metrics.py), as fields separated by tabs: {@code metric, namespace, name, dimensions} for each metric in the
 * embedded format that CloudWatch would read, the dimensions separated by commas; {@code field, log_type, name} for each
 * field. An alarm on other dimensions than the emitted ones never sees a value.
 */
public final class EmittedLines implements LogListener {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SharedLines LINES = new SharedLines("function-lines");

    private final LogListener next;

    /** Hears every line, and passes it on. */
    public EmittedLines(LogListener next) {
        this.next = next;
    }

    @Override
    public void line(String function, String line) {
        if (line.startsWith("{") && line.contains("\"log_type\"")) {
            read(line);
        }
        next.line(function, line);
    }

    private static void read(String line) {
        JsonNode entry = parsed(line);
        entry.fieldNames()
                .forEachRemaining(
                        field -> LINES.add("field", entry.path("log_type").asText(), field));
        for (JsonNode directive : entry.path("_aws").path("CloudWatchMetrics")) {
            for (JsonNode metric : directive.path("Metrics")) {
                for (JsonNode dimensions : directive.path("Dimensions")) {
                    LINES.add(
                            "metric",
                            directive.path("Namespace").asText(),
                            metric.path("Name").asText(),
                            joined(dimensions));
                }
            }
        }
    }

    /** An empty node for a line of the runtime's that only looks like ours. */
    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException notOurs) {
            return MissingNode.getInstance();
        }
    }

    private static String joined(JsonNode dimensions) {
        Set<String> names = new TreeSet<>();
        dimensions.forEach(name -> names.add(name.asText()));
        return String.join(",", names);
    }

    /** Writes what was heard so far in this process. */
    public static void write(Path zip) {
        LINES.write(zip);
    }
}
