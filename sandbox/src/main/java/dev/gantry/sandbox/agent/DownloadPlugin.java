package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.sandbox.ec2.Machine;
import dev.gantry.sandbox.ssm.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * {@code aws:downloadContent} from S3 (plugins/downloadcontent). The agent first lists {@code key/}: any hit means a folder, which
 * is downloaded with all below it; none means one file. A refused listing is fatal. Other source types are checked as the agent
 * checks them, and then fail and say so. A download under way is not cancelled.
 */
final class DownloadPlugin implements Plugin {
    private static final Set<String> SOURCE_TYPES = Set.of("Git", "HTTP", "GitHub", "S3", "SSMDocument");
    private static final GoStruct INPUT = new GoStruct(
            "downloadcontent",
            "DownloadContentPlugin",
            Map.of(
                    "sourceType", GoStruct.Type.STRING,
                    "sourceInfo", GoStruct.Type.STRING,
                    "destinationPath", GoStruct.Type.STRING));

    private final Machine machine;
    private final S3Fetch s3;
    private final Executor io;

    DownloadPlugin(Machine machine, S3Fetch s3, Executor io) {
        this.machine = machine;
        this.s3 = s3;
        this.io = io;
    }

    @Override
    public Machine.Running run(Step step, Consumer<StepResult> done) {
        io.execute(() -> done.accept(download(step)));
        return () -> {};
    }

    private StepResult download(Step step) {
        JsonNode inputs = step.inputs();
        if (!inputs.isObject() && !inputs.isMissingNode() && !inputs.isNull()) {
            return StepResult.failure("problem while remarshalling " + GoJson.print(inputs)
                    + "; \nerror json: cannot unmarshal " + GoJson.kind(inputs)
                    + " into Go value of type map[string]interface {}");
        }
        JsonNode read = withSourceInfoAsText(inputs);
        GoStruct.Filled input = INPUT.fill(read);
        Optional<String> refused = input.error()
                .map(error -> "invalid format in plugin properties " + GoJson.print(read) + "; \nerror " + error)
                .or(() -> invalid(input).map(why -> "invalid input: " + why))
                .or(() -> SourceInfo.refusal(input.text("sourceType"), input.text("sourceInfo")));
        if (refused.isPresent()) {
            return StepResult.failure(refused.get());
        }
        try {
            S3Address source = S3Address.parse(SourceInfo.s3Path(input.text("sourceInfo")));
            String destination = input.text("destinationPath");
            List<String> below = s3.list(source.bucket(), source.folder());
            if (below.isEmpty()) {
                return file(step, source, destination);
            }
            return folder(step, source, below, destination);
        } catch (IOException | IllegalArgumentException e) {
            // A connection that is refused says so by its type alone.
            return StepResult.failure(Objects.requireNonNullElseGet(e.getMessage(), e::toString));
        }
    }

    /** A StringMap, or the text of one: the console and the API give it differently. */
    private static JsonNode withSourceInfoAsText(JsonNode inputs) {
        ObjectNode read = Json.object();
        inputs.properties().forEach(entry -> {
            boolean map = entry.getKey().equalsIgnoreCase("sourceInfo")
                    && entry.getValue().isObject();
            read.set(entry.getKey(), map ? new TextNode(GoJson.marshal(entry.getValue())) : entry.getValue());
        });
        return read;
    }

    private static Optional<String> invalid(GoStruct.Filled input) {
        String type = input.text("sourceType");
        if (type.isEmpty()) {
            return Optional.of("SourceType must be specified");
        } else if (!SOURCE_TYPES.contains(type)) {
            return Optional.of("Unsupported source type");
        }
        return input.text("sourceInfo").isEmpty() ? Optional.of("SourceInfo must be specified") : Optional.empty();
    }

    private StepResult file(Step step, S3Address source, String destination) throws IOException {
        String path = path(step, destination);
        boolean intoFolder = destination.isEmpty() || destination.endsWith("/") || machine.isDirectory(path);
        String target = intoFolder ? path + "/" + source.fileName() : path;
        copy(source.bucket(), source.key(), target);
        return StepResult.success("Content downloaded to " + path);
    }

    private StepResult folder(Step step, S3Address source, List<String> keys, String destination) throws IOException {
        String path = path(step, destination);
        for (String key : keys) {
            if (!key.endsWith("/")) {
                copy(
                        source.bucket(),
                        key,
                        path + "/" + key.substring(source.folder().length()));
            }
        }
        return StepResult.success("Content downloaded to " + path);
    }

    private static String path(Step step, String destination) {
        return step.place().resolve(step.name(), destination);
    }

    private void copy(String bucket, String key, String target) throws IOException {
        try (InputStream content = s3.open(bucket, key)) {
            machine.write(target.replaceAll("/{2,}", "/"), content);
        }
    }
}
