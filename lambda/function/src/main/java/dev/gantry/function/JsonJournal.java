package dev.gantry.function;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import dev.gantry.stored.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Log lines as JSON: {@code log_type}, {@code log_id}, {@code time}, then the fields by name. Lines of a type with
 * a metric have a CloudWatch embedded metric: the field {@code count} if there is one, otherwise 1
 * (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 *
 * <p>A page is such a line and is also sent to the pager: after the line, so that it is in the log even if the pager fails. A
 * page that cannot be sent is reported by a line of its own, and does not stop the work.
 */
final class JsonJournal implements Journal {
    static final String NAMESPACE = "Gantry";

    /** Types that are counted without their fleet: AWS failed, and one alarm has to see all of it. */
    private static final Set<String> OF_NO_FLEET = Set.of("LooksFailed");

    /** SNS takes 256 KiB (API_Publish); the pipe to it adds nothing. */
    static final int PAGE_BYTES = 240 * 1024;

    /** While a configuration error lasts, its page is repeated after this time. */
    static final Duration REMINDER = Duration.ofMinutes(15);

    private final PrintStream out;
    private final InstantSource clock;
    private final Pager pager;
    private final PageLimit limit;
    private final Optional<String> environment;

    JsonJournal(PrintStream out, InstantSource clock, Pager pager) {
        this(out, clock, pager, PageMarks.NONE, Optional.empty());
    }

    /**
     * @param environment the dimension of metrics without a fleet, which separates the alarms of two environments in an
     *     account; empty if there is only one
     */
    JsonJournal(PrintStream out, InstantSource clock, Pager pager, PageMarks marks, Optional<String> environment) {
        this.environment = environment;
        this.limit = new PageLimit(marks, this, clock, REMINDER, Integer.MAX_VALUE);
        this.out = out;
        this.clock = clock;
        this.pager = pager;
    }

    @Override
    public void log(EventType type, Map<String, ?> fields) {
        write(line(type, Map.of(), fields), type, fields);
    }

    @Override
    public void page(EventType type, String message, Map<String, ?> fields) {
        Map<String, Object> first = new LinkedHashMap<>();
        first.put("page", true);
        first.put("text", message);
        Map<String, Object> line = line(type, first, fields);
        String page = page(line);
        write(line, type, fields);
        try {
            pager.send(page);
        } catch (GantryException e) {
            this.log(EventType.PAGE_NOT_SENT, Map.of("of", type.word(), "error", String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            // A defect while sending to the pager must not stop the caller's work either.
            this.log(EventType.PAGE_NOT_SENT, Map.of("of", type.word(), "error", String.valueOf(e)));
        }
    }

    @Override
    public void pageOnce(EventType type, String key, String message, Map<String, ?> fields) {
        if (limit.page(type.word(), key, 1).isPresent()) {
            page(type, message, fields);
        } else {
            write(line(type, Map.of("text", message), fields), type, fields);
        }
    }

    /** Without its fields if they are too long; they are in the log under the same id. */
    private static String page(Map<String, Object> line) {
        String whole = Json.text(line);
        if (whole.getBytes(StandardCharsets.UTF_8).length <= PAGE_BYTES) {
            return whole;
        }
        Map<String, Object> brief = new LinkedHashMap<>(line);
        brief.keySet().retainAll(List.of("log_type", "log_id", "time", "text"));
        brief.put("cut", "the fields are in the log, in the line with this log_id");
        return Json.text(brief);
    }

    private Map<String, Object> line(EventType type, Map<String, ?> first, Map<String, ?> fields) {
        // A line with a wrong form is better than no line, so only tests refuse it.
        assert type.fields().containsAll(fields.keySet()) : type + " has no such fields: " + fields.keySet();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("log_type", type.word());
        line.put("log_id", UUID.randomUUID().toString());
        line.put("time", clock.instant().toString());
        environment.ifPresent(name -> line.put("environment", name));
        line.putAll(first);
        line.putAll(new TreeMap<>(fields));
        return line;
    }

    private void write(Map<String, Object> line, EventType type, Map<String, ?> fields) {
        type.metric().ifPresent(metric -> {
            int count = fields.get("count") instanceof Integer many ? many : 1;
            count(line, metric, count, fields.containsKey("fleet") && !OF_NO_FLEET.contains(metric));
        });
        out.println(Json.text(line));
    }

    private void count(Map<String, Object> line, String metric, int count, boolean hasFleet) {
        List<String> ofNoFleet = environment.isPresent() ? List.of("environment") : List.of();
        line.put(metric, count);
        line.put(
                "_aws",
                Map.of(
                        "Timestamp", clock.millis(),
                        "CloudWatchMetrics",
                                List.of(Map.of(
                                        "Namespace", NAMESPACE,
                                        "Dimensions", List.of(hasFleet ? List.of("fleet") : ofNoFleet),
                                        "Metrics", List.of(Map.of("Name", metric, "Unit", "Count"))))));
    }
}
