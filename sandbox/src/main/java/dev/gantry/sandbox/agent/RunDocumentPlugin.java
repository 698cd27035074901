package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ec2.Bytes;
import dev.gantry.sandbox.ec2.Machine;
import dev.gantry.sandbox.ssm.Json;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.JsonService;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * {@code aws:runDocument}: another document, from Systems Manager ({@code SSMDocument}, {@code name} or {@code name:version}) or
 * from the machine ({@code LocalPath}), with its own parameters, inside of this command (plugins/rundocument). The agent nests
 * three deep at most, and does not hand a cancellation on: the inner document runs to its end.
 */
final class RunDocumentPlugin implements Plugin {
    private static final int MAX_DEPTH = 3;
    /** A document that the agent does not even fetch. */
    private static final String NOTHING = "AWS-Noop";

    private static final GoStruct INPUT = new GoStruct(
            "rundocument",
            "RunDocumentPluginInput",
            Map.of(
                    "documentType", GoStruct.Type.STRING,
                    "documentPath", GoStruct.Type.STRING,
                    "documentParameters", GoStruct.Type.ANYTHING));

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
        io.execute(() -> start(step, done));
        return () -> {};
    }

    private void start(Step step, Consumer<StepResult> done) {
        GoStruct.Filled input = INPUT.fill(step.inputs());
        Optional<String> refused = invalid(step, input).or(() -> tooDeep(step));
        if (refused.isPresent()) {
            done.accept(StepResult.failure(refused.get()));
            return;
        }
        if (input.text("documentPath").equals(NOTHING)) {
            done.accept(StepResult.success(""));
            return;
        }
        Place place = step.place();
        Place below = new Place(
                place.instanceId(),
                place.commandId() + "/" + step.name().replace(":", ""),
                place.environment(),
                place.depth() + 1);
        DocumentRun run;
        try {
            run = runs.create(document(step, input), parameters(input.get("documentParameters")), below);
            run.refusal().ifPresent(why -> {
                throw new Unprepared(why);
            });
        } catch (Unprepared e) {
            done.accept(
                    StepResult.failure(e.before + "There was an error while preparing documents - " + e.getMessage()));
            return;
        }
        run.start(outcomes -> {}, (status, outcomes) -> done.accept(result(outcomes, run.lost())));
    }

    private static Optional<String> invalid(Step step, GoStruct.Filled input) {
        String type = input.text("documentType");
        if (input.error().isPresent()) {
            return Optional.of("invalid format in plugin properties " + GoJson.print(step.inputs()) + "; \nerror "
                    + input.error().get());
        } else if (type.isEmpty()) {
            return Optional.of("invalid input: Document Type must be specified to either by SSMDocument or LocalPath.");
        } else if (!type.equals("SSMDocument") && !type.equals("LocalPath")) {
            return Optional.of("invalid input: Document type specified in invalid");
        }
        return input.text("documentPath").isEmpty()
                ? Optional.of("invalid input: Document Path must be provided")
                : Optional.empty();
    }

    private static Optional<String> tooDeep(Step step) {
        int depth = step.place().depth();
        if (depth == 0 && !step.settings().isMissingNode() && !step.settings().isNull()) {
            return Optional.of("There was an error obtaining the depth of execution");
        }
        return depth >= MAX_DEPTH
                ? Optional.of("Maximum depth for document execution exceeded. Maximum depth permitted - " + MAX_DEPTH
                        + " and current depth - " + (depth + 1))
                : Optional.empty();
    }

    private JsonNode document(Step step, GoStruct.Filled input) {
        String path = input.text("documentPath");
        String content = input.text("documentType").equals("SSMDocument")
                ? fetch(path)
                : read(step.place().resolve(step.name(), path));
        return Json.parse(content)
                .filter(JsonNode::isObject)
                .orElseThrow(() -> new Unprepared(
                        "document " + path + " is no JSON, and the sandbox's agent reads no other format"));
    }

    private String fetch(String path) {
        int colon = path.startsWith("arn:") ? -1 : path.indexOf(':');
        String name = colon < 0 ? path : path.substring(0, colon);
        String version = colon < 0 ? "$DEFAULT" : path.substring(colon + 1);
        try {
            return ssm.call("GetDocument", Json.object().put("Name", name).put("DocumentVersion", version))
                    .path("Content")
                    .asText();
        } catch (AwsError e) {
            // The agent goes on without a document, and says both.
            Unprepared unprepared = new Unprepared("File is empty!");
            unprepared.before = e.code() + ": " + e.getMessage();
            unprepared.initCause(e);
            throw unprepared;
        }
    }

    /** The agent takes a missing file for an empty one. */
    private String read(String path) {
        try {
            if (machine.isDirectory(path)) {
                throw new Unprepared("read " + path + ": is a directory");
            }
            String content = machine.read(path);
            if (!content.isEmpty()) {
                return content;
            }
        } catch (IOException e) {
            throw (Unprepared) new Unprepared("File is empty!").initCause(e);
        }
        throw new Unprepared("File is empty!");
    }

    private static Map<String, JsonNode> parameters(JsonNode given) {
        if (given.isMissingNode()) {
            return Map.of();
        }
        JsonNode map = given.isTextual()
                ? Json.parse(given.textValue())
                        .filter(JsonNode::isObject)
                        .orElseThrow(
                                () -> new Unprepared("Unmarshalling document parameters failed. Please make sure the"
                                        + " parameters are specified in the right format"))
                : given;
        if (!map.isObject()) {
            throw new Unprepared("parameter type specified to run document is unknown");
        }
        Map<String, JsonNode> parameters = new LinkedHashMap<>();
        map.properties().forEach(entry -> {
            if (!entry.getValue().isNull()) {
                parameters.put(entry.getKey(), entry.getValue());
            }
        });
        return parameters;
    }

    /** The inner steps' streams one after the other, and the strongest of their statuses; their exit codes are lost. */
    private static StepResult result(List<StepOutcome> outcomes, boolean lost) {
        AgentStatus status = AgentStatus.SKIPPED;
        int code = 0;
        Bytes stdout = Bytes.NONE;
        Bytes stderr = Bytes.NONE;
        for (StepOutcome outcome : outcomes) {
            stdout = stdout.plus(outcome.stdout());
            stderr = stderr.plus(outcome.stderr());
            if (outcome.error().isPresent()) {
                stderr = stderr.plus(outcome.error().get());
                code = 1;
                status = AgentStatus.FAILED;
            }
            status = status.and(outcome.status());
        }
        return new StepResult(status, code, stdout, stderr, lost);
    }

    /** Why a document could not be prepared. */
    private static final class Unprepared extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** What the agent had said before. */
        private String before = "";

        Unprepared(String why) {
            super(why);
        }
    }
}
