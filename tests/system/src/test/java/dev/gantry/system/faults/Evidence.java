package dev.gantry.system.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.wire.Journal.Entry;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What the functions did in a case, in the order of time: each call with its answer, each log line, each invocation that failed. */
final class Evidence {
    private static final int WIDEST = 700;

    private final Bench bench;
    private final int calls;
    private final int logs;
    private final Instant begun = Instant.now();

    /** Begins to collect. */
    Evidence(Bench bench) {
        this.bench = bench;
        this.calls = bench.gantry.calls.mark();
        this.logs = bench.gantry.logs.mark();
    }

    private record Line(Instant time, String text) {}

    List<String> lines() {
        Stream<Line> made =
                bench.gantry.calls.ofFunctions(calls, call -> true).stream().map(this::line);
        Stream<Line> said = bench.gantry.logs.since(logs).stream()
                .filter(line -> line.has("time"))
                .map(Evidence::line);
        Stream<Line> failed = bench.failures(begun).stream().map(failure -> new Line(failure.time(), failure.text()));
        return Stream.of(made, said, failed)
                .flatMap(lines -> lines)
                .sorted(Comparator.comparing(Line::time))
                .map(line -> line.time() + " " + line.text())
                .toList();
    }

    private Line line(Entry call) {
        String function = bench.trap.function(call.accessKey()).orElse(call.accessKey());
        return new Line(call.time(), function + " " + call.operation() + " -> " + call.status() + " " + call.error());
    }

    private static Line line(JsonNode said) {
        String text = said.toString();
        return new Line(
                Instant.parse(said.path("time").asText()),
                text.length() > WIDEST ? text.substring(0, WIDEST) + "..." : text);
    }
}
