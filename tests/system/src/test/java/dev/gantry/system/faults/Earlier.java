package dev.gantry.system.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an earlier run printed with {@code --json}, so that a long run that was ended can be continued. */
record Earlier(Map<String, JsonNode> converged, Duration took) {
    static final Earlier NONE = new Earlier(Map.of(), Duration.ZERO);

    static Earlier read(Path file) throws IOException {
        JsonNode run = new ObjectMapper().readTree(file.toFile());
        Map<String, JsonNode> converged = new HashMap<>();
        for (JsonNode outcome : run.path("outcomes")) {
            if (outcome.path("converged").asBoolean()) {
                converged.put(outcome.path("case").asText(), outcome);
            }
        }
        return new Earlier(converged, Duration.ofSeconds(run.path("seconds").asLong()));
    }

    /** The outcome of a case that converged. */
    Optional<Outcome> of(FaultCase one) {
        return Optional.ofNullable(converged.get(one.name())).map(found -> {
            List<String> notes = new ArrayList<>();
            found.path("notes").forEach(note -> notes.add(note.asText()));
            Duration seconds =
                    Duration.ofMillis(Math.round(1000 * found.path("seconds").asDouble()));
            return new Outcome(one, seconds, List.of(), notes, List.of());
        });
    }
}
