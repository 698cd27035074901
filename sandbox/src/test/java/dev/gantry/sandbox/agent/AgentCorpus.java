package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ssm.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Documents with what the real amazon-ssm-agent made of them. Runs them through the sandbox's agent, side by side because most of
 * them wait.
 */
final class AgentCorpus {
    /** The project's own part of the corpus. */
    static final Path KEPT = Path.of("src/test/resources/agent-corpus");

    private static final int AT_ONCE = 16;

    private final JsonNode inner;
    private final Map<String, String> reasons;

    /** @param innerFile the documents that lie on the machine beforehand */
    AgentCorpus(Path innerFile) throws IOException {
        inner = Json.parse(Files.readString(innerFile))
                .filter(JsonNode::isObject)
                .orElseThrow(() -> new IOException(innerFile + " is no JSON object"));
        reasons = reasons(KEPT.resolve("kept-differences.tsv"));
    }

    /**
     * The result of a row.
     *
     * @param reason why a difference is kept
     */
    record Result(CorpusRow row, List<String> differences, Optional<String> reason) {
        boolean isUnexplained() {
            return !differences.isEmpty() && reason.isEmpty();
        }
    }

    List<Result> run(List<CorpusRow> rows) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("agent-corpus");
        // Threads of a stuck script do not keep the process alive.
        ExecutorService threads = Executors.newCachedThreadPool(AgentCorpus::daemon);
        ExecutorService lanes = Executors.newFixedThreadPool(AT_ONCE, AgentCorpus::daemon);
        try {
            Map<CorpusRow, Future<Result>> running = new LinkedHashMap<>();
            int number = 0;
            for (CorpusRow row : rows) {
                Path own = scratch.resolve(String.valueOf(number++));
                Callable<Result> one = () -> result(row, own, threads);
                running.put(row, lanes.submit(one));
            }
            List<Result> results = new ArrayList<>();
            for (Map.Entry<CorpusRow, Future<Result>> one : running.entrySet()) {
                results.add(await(one.getKey(), one.getValue()));
            }
            return results;
        } finally {
            lanes.shutdownNow();
            threads.shutdownNow();
            delete(scratch);
        }
    }

    private static Result await(CorpusRow row, Future<Result> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            return new Result(row, List.of("the sandbox's agent failed: " + e.getCause()), Optional.empty());
        }
    }

    private Result result(CorpusRow row, Path own, ExecutorService threads) throws IOException, InterruptedException {
        Files.createDirectories(own);
        JsonNode actual = new CorpusRun(own, KEPT.resolve("supervise.py").toAbsolutePath(), threads).of(row, inner);
        return new Result(
                row, CorpusDifferences.between(row.expected(), actual), Optional.ofNullable(reasons.get(row.name())));
    }

    /** A line has the row's name, a tab, and why its difference is kept. */
    private static Map<String, String> reasons(Path file) throws IOException {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] parts = line.split("\t", 2);
            if (!line.startsWith("#") && parts.length == 2) {
                reasons.put(parts[0], parts[1]);
            }
        }
        return reasons;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "agent-corpus");
        thread.setDaemon(true);
        return thread;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
