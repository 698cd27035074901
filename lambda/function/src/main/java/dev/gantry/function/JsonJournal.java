package dev.gantry.function;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.launch.port.Journal;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Log lines as JSON: {@code log_type}, {@code log_id}, {@code time}, then the fields by name. Lines of a type that is
 * counted carry a CloudWatch embedded metric
 * (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 */
final class JsonJournal implements Journal {
    static final String NAMESPACE = "Gantry";

    /** The metric that a line of each type counts. */
    static final Map<String, String> METRICS = new TreeMap<>(Map.ofEntries(
            Map.entry("proceeded", "Proceeded"),
            Map.entry("abandoned", "Abandoned"),
            Map.entry("misconfigured", "Misconfigured"),
            Map.entry("malformed", "Malformed"),
            Map.entry("defect", "Defects"),
            Map.entry("run_sent", "RunsSent"),
            Map.entry("look_failed", "LooksFailed"),
            Map.entry("swept", "Sweeps"),
            Map.entry("breaker_opened", "BreakersOpened"),
            Map.entry("launches_suspended", "LaunchesSuspended")));

    private static final ObjectMapper JSON = new ObjectMapper();
    private final PrintStream out;
    private final InstantSource clock;

    JsonJournal(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public void log(String type, Map<String, ?> fields) {
        write(type, Map.of(), fields);
    }

    @Override
    public void page(String type, String message, Map<String, ?> fields) {
        Map<String, Object> first = new LinkedHashMap<>();
        first.put("page", true);
        first.put("text", message);
        write(type, first, fields);
    }

    private void write(String type, Map<String, ?> first, Map<String, ?> fields) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("log_type", type);
        line.put("log_id", UUID.randomUUID().toString());
        line.put("time", clock.instant().toString());
        line.putAll(first);
        line.putAll(new TreeMap<>(fields));
        if (METRICS.containsKey(type)) {
            count(line, METRICS.get(type), fields.containsKey("fleet"));
        }
        out.println(json(line));
    }

    private void count(Map<String, Object> line, String metric, boolean hasFleet) {
        line.put(metric, 1);
        line.put(
                "_aws",
                Map.of(
                        "Timestamp", clock.millis(),
                        "CloudWatchMetrics",
                                List.of(Map.of(
                                        "Namespace", NAMESPACE,
                                        "Dimensions", List.of(hasFleet ? List.of("fleet") : List.of()),
                                        "Metrics", List.of(Map.of("Name", metric, "Unit", "Count"))))));
    }

    private static String json(Map<String, Object> line) {
        try {
            return JSON.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a log line of texts and numbers is JSON", e);
        }
    }
}
