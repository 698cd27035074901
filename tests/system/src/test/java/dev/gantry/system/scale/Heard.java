package dev.gantry.system.scale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.sandbox.lambda.LogListener;
import java.util.Map;
import java.util.TreeMap;

/** Counts what the functions log: their lines by type, the invocations of the launch function, and timeouts. */
final class Heard implements LogListener {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Integer> lines = new TreeMap<>();
    private int invocations;
    private int timeouts;

    @Override
    public synchronized void line(String function, String line) {
        if (line.startsWith("{")) {
            lines.merge(type(line), 1, Integer::sum);
        } else if (line.startsWith("START RequestId: ") && function.equals(ExampleFleet.LAUNCH_FUNCTION)) {
            invocations++;
        } else if (line.contains("Task timed out after")) {
            timeouts++;
        }
    }

    private static String type(String line) {
        try {
            return JSON.readTree(line).path("log_type").asText();
        } catch (JsonProcessingException notOurs) {
            return "not ours";
        }
    }

    synchronized Map<String, Integer> lines() {
        return Map.copyOf(lines);
    }

    synchronized int invocations() {
        return invocations;
    }

    synchronized int timeouts() {
        return timeouts;
    }
}
