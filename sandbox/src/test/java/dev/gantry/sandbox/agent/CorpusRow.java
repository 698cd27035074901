package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ssm.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A document, and what the real agent made of it.
 *
 * @param parameters as SendCommand takes them
 * @param expected the command's status, how often the machine booted, and each step
 * @param cancelAfter when the command was cancelled
 */
record CorpusRow(
        String name,
        JsonNode document,
        Map<String, List<String>> parameters,
        JsonNode expected,
        Optional<Duration> cancelAfter) {

    /** Reads a file with one row a line. */
    static List<CorpusRow> read(Path file) throws IOException {
        List<CorpusRow> rows = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            if (!line.isBlank()) {
                String where = file + ":" + number;
                rows.add(of(Json.parse(line)
                        .filter(node -> node.path("document").isObject()
                                && node.path("expected").isObject()
                                && node.path("name").isTextual())
                        .orElseThrow(() ->
                                new IOException(where + ": a row is a JSON object with name, document and expected"))));
            }
        }
        return rows;
    }

    private static CorpusRow of(JsonNode node) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        node.path("parameters")
                .properties()
                .forEach(entry -> parameters.put(entry.getKey(), Json.texts(entry.getValue())));
        Optional<Duration> cancelAfter = node.path("cancelAfter").isNumber()
                ? Optional.of(
                        Duration.ofMillis(Math.round(node.path("cancelAfter").doubleValue() * 1000)))
                : Optional.empty();
        return new CorpusRow(
                node.path("name").asText(), node.path("document"), parameters, node.path("expected"), cancelAfter);
    }
}
