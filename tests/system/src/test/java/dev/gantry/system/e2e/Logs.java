package dev.gantry.system.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.sandbox.lambda.LogListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Keeps the functions' log lines that are JSON, and the ends of invocations that failed: their messages come back only
 * after the queue's visibility timeout.
 */
public final class Logs implements LogListener {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<JsonNode> lines = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    @Override
    public void line(String function, String line) {
        if (line.startsWith("{")) {
            keep(line);
        } else if (line.startsWith("ERROR RequestId: ")) {
            failed(function + ": " + line);
        }
    }

    private synchronized void keep(String line) {
        try {
            lines.add(JSON.readTree(line));
        } catch (JsonProcessingException notOurs) {
            // A line of the runtime's that only begins like JSON.
        }
    }

    private synchronized void failed(String line) {
        failures.add(line);
    }

    /** Invocations that ended with an error, oldest first. */
    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /** The number of lines so far. */
    public synchronized int mark() {
        return lines.size();
    }

    /** The lines since the mark. */
    public synchronized List<JsonNode> since(int mark) {
        return List.copyOf(lines.subList(mark, lines.size()));
    }

    /** The lines of a type that fit, oldest first. */
    public synchronized List<JsonNode> of(String type, Predicate<JsonNode> which) {
        return lines.stream()
                .filter(line -> line.path("log_type").asText().equals(type))
                .filter(which)
                .toList();
    }

    /** Waits for a line of this type that contains the text: a process's output can come late. */
    public JsonNode await(String type, String text) {
        return Await.until("a log line " + type + " with " + text, () -> first(type, text));
    }

    private Optional<JsonNode> first(String type, String text) {
        return of(type, line -> line.toString().contains(text)).stream().findFirst();
    }
}
