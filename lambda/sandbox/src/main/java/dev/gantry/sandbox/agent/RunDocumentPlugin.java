package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ec2.Machine;
import dev.gantry.sandbox.ssm.DocumentParameters;
import dev.gantry.sandbox.ssm.InvocationStatus;
import dev.gantry.sandbox.ssm.Json;
import dev.gantry.sandbox.ssm.StepReport;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.JsonService;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * {@code aws:runDocument}: another document, from Systems Manager ({@code SSMDocument}, {@code name} or {@code
 * name:version}) or from the machine ({@code LocalPath}), with its own parameters, inside of this command. The agent
 * nests three deep at most.
 */
final class RunDocumentPlugin implements Plugin {
    private static final int MAX_DEPTH = 3;

    private final Machine machine;
    private final JsonService ssm;
    private final DocumentRun.Factory runs;
    private final Executor io;

    RunDocumentPlugin(Machine machine, JsonService ssm, DocumentRun.Factory runs, Executor io) {
        this.machine = machine;
        this.ssm = ssm;
        this.runs = runs;
        this.io = io;
    }

    @Override
    public Machine.Running run(Step step, Consumer<StepResult> done) {
        AtomicReference<Machine.Running> inner = new AtomicReference<>(() -> {});
        io.execute(() -> start(step, done, inner));
        return () -> inner.get().cancel();
    }

    private void start(Step step, Consumer<StepResult> done, AtomicReference<Machine.Running> inner) {
        try {
            Place place = step.place();
            if (place.depth() >= MAX_DEPTH) {
                throw new IllegalArgumentException("maximum depth for document execution exceeded: " + MAX_DEPTH);
            }
            JsonNode document = document(step);
            Place below = new Place(
                    place.instanceId(),
                    place.commandId() + "/" + step.name().replace(':', '_'),
                    place.environment(),
                    place.depth() + 1);
            Map<String, List<String>> parameters = parameters(step.inputs().path("documentParameters"));
            // SendCommand has seen the outer document's parameters only.
            DocumentParameters.of(document).checkValues(parameters);
            DocumentRun run = runs.create(document, parameters, below);
            inner.set(run::cancel);
            run.start(reports -> {}, (status, reports) -> done.accept(result(status, reports, run.lost())));
        } catch (IOException | IllegalArgumentException | AwsError e) {
            done.accept(StepResult.failure("Failed to run document: " + e.getMessage()));
        }
    }

    private JsonNode document(Step step) throws IOException {
        String type = step.inputs().path("documentType").asText("");
        String path = step.inputs().path("documentPath").asText("");
        String content =
                switch (type) {
                    case "SSMDocument" -> fetch(path);
                    case "LocalPath" -> machine.read(step.place().resolve(path));
                    default -> throw new IllegalArgumentException(
                            "documentType is '" + type + "'; it must be SSMDocument or LocalPath");
                };
        return Json.parse(content)
                .orElseThrow(() -> new IllegalArgumentException(
                        "document " + path + " is no JSON, and the sandbox's agent reads no other format"));
    }

    private String fetch(String path) {
        int colon = path.startsWith("arn:") ? -1 : path.indexOf(':');
        String name = colon < 0 ? path : path.substring(0, colon);
        String version = colon < 0 ? "$DEFAULT" : path.substring(colon + 1);
        return ssm.call("GetDocument", Json.object().put("Name", name).put("DocumentVersion", version))
                .path("Content")
                .asText();
    }

    private static Map<String, List<String>> parameters(JsonNode given) {
        JsonNode map = given.isTextual() ? Json.parse(given.asText()).orElse(Json.object()) : given;
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        map.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            List<String> values = value.isArray()
                    ? Json.texts(value)
                    : List.of(value.isTextual() ? value.asText() : value.toString());
            parameters.put(entry.getKey(), values);
        });
        return parameters;
    }

    private static StepResult result(InvocationStatus status, List<StepReport> reports, boolean lost) {
        String stdout = reports.stream().map(StepReport::stdout).collect(Collectors.joining());
        String stderr = reports.stream().map(StepReport::stderr).collect(Collectors.joining());
        int code = status == InvocationStatus.SUCCESS ? 0 : 1;
        return new StepResult(status, code, stdout, stderr, lost);
    }
}
