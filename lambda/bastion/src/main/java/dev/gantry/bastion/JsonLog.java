package dev.gantry.bastion;

import dev.gantry.stored.Json;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Log lines as JSON: {@code log_type}, {@code log_id}, {@code time}, then the fields by name, as the other functions write them.
 * Keys, options and outputs never become fields.
 */
final class JsonLog {
    private final PrintStream out;
    private final InstantSource clock;

    JsonLog(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    /** @param fields texts and numbers */
    void log(String type, Map<String, ?> fields) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("log_type", type);
        line.put("log_id", UUID.randomUUID().toString());
        line.put("time", clock.instant().toString());
        line.putAll(new TreeMap<>(fields));
        out.println(Json.text(line));
    }
}
