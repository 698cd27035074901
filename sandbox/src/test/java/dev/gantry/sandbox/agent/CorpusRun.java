package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.ssm.Json;
import dev.gantry.sandbox.wire.AwsError;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs one row's document through the sandbox's agent on this host, and tells the result in the corpus's form. */
final class CorpusRun {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** After this many boots the real agent's runs were recorded as they were. */
    private static final int MAX_BOOTS = 4;
    /** Where the documents store what must survive a reboot. */
    private static final String KEPT_ON_THE_MACHINE = "/var/lib/h5";

    private final Path scratch;
    private final HostMachine machine;
    private final ExecutorService threads;
    private final AtomicInteger boots = new AtomicInteger(1);
    private final CompletableFuture<ObjectNode> result = new CompletableFuture<>();
    private final Place place;

    CorpusRun(Path scratch, Path supervisor, ExecutorService threads) {
        this.scratch = scratch;
        this.machine = new HostMachine(scratch, supervisor, threads);
        this.threads = threads;
        String command = UUID.randomUUID().toString();
        Map<String, String> environment = Map.of(
                "AWS_SSM_REGION_NAME", "us-east-1",
                "AWS_SSM_INSTANCE_ID", machine.instanceId(),
                "AWS_SSM_PLATFORM_NAME", machine.platformName(),
                "AWS_SSM_PLATFORM_VERSION", machine.platformVersion(),
                "SSM_COMMAND_ID", command);
        this.place = new Place(machine.instanceId(), command, environment, 0);
    }

    /** @param inner the documents that lie on the machine, by their files' names */
    JsonNode of(CorpusRow row, JsonNode inner) throws IOException, InterruptedException {
        Files.createDirectories(scratch.resolve("inner"));
        for (Map.Entry<String, JsonNode> document : inner.properties()) {
            Files.writeString(
                    scratch.resolve("inner").resolve(document.getKey()),
                    here(document.getValue()).toString());
        }
        JsonNode document = here(row.document());
        // The corpus is of an agent that does not know ENV_VAR.
        DocumentRun run = run(document, Interpolation.ofCommand(document, row.parameters(), false), place);
        run.rebootBy(() -> threads.execute(() -> reboot(run)));
        run.start(outcomes -> {}, this::finish);
        row.cancelAfter().ifPresent(delay -> {
            machine.started().join();
            pause(delay);
            run.cancel();
        });
        try {
            return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(row.name() + " came to no end", e);
        }
    }

    private static void pause(Duration delay) {
        try {
            TimeUnit.MILLISECONDS.sleep(delay.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reboot(DocumentRun run) {
        if (boots.get() >= MAX_BOOTS) {
            run.peek(this::finish);
        } else {
            boots.incrementAndGet();
            run.resume();
        }
    }

    private DocumentRun run(JsonNode document, Interpolation values, Place where) {
        return new DocumentRun(document, values, where, plugins(), InstantSource.system());
    }

    private Map<String, Plugin> plugins() {
        Map<String, Plugin> plugins = new HashMap<>();
        S3Fetch nowhere = new S3Fetch(
                URI.create("http://127.0.0.1:9"),
                "us-east-1",
                () -> {
                    throw new IllegalStateException("no document of the corpus downloads anything");
                },
                InstantSource.system());
        AgentInstaller.addPlugins(
                plugins,
                machine,
                nowhere,
                (operation, input) -> {
                    throw AwsError.badRequest("InvalidDocument", "the corpus has no Systems Manager");
                },
                (document, values, where) -> run(document, Interpolation.of(document, values, false), where),
                threads);
        return plugins;
    }

    private JsonNode here(JsonNode document) {
        return Json.parse(document.toString()
                        .replace("INNER/", scratch.resolve("inner") + "/")
                        .replace(KEPT_ON_THE_MACHINE, scratch.resolve("kept").toString()))
                .orElseThrow();
    }

    private void finish(AgentStatus status, List<StepOutcome> outcomes) {
        ObjectNode node = Json.object().put("status", status.word()).put("boots", boots.get());
        ArrayNode steps = node.putArray("steps");
        for (StepOutcome outcome : outcomes) {
            steps.addObject()
                    .put("name", outcome.name())
                    .put("status", outcome.status().word())
                    .put("code", outcome.reportedCode())
                    .put("stdout", there(Output.cut(outcome.stdout()).text()))
                    .put("stderr", there(Output.cut(outcome.stderr()).text()))
                    .put("output", there(outcome.reportedOutput()));
        }
        result.complete(node);
    }

    /** Replaces this run's own values with those of the corpus. */
    private String there(String text) {
        return text.replace(machine.at(place.orchestration()).toString(), "ORCHESTRATION")
                .replace(place.orchestration(), "ORCHESTRATION")
                .replace(scratch.resolve("inner").toString(), "INNER")
                .replace(scratch.resolve("kept").toString(), KEPT_ON_THE_MACHINE);
    }
}
