package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ec2.Machine;
import dev.gantry.sandbox.ssm.InvocationStatus;
import dev.gantry.sandbox.ssm.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * {@code aws:downloadContent} from S3. The agent first lists {@code key/}: any hit means a folder, which is downloaded
 * with all below it; none means one file. A refused listing is fatal. Other source types fail and say so.
 */
final class DownloadPlugin implements Plugin {
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
        AtomicBoolean cancelled = new AtomicBoolean();
        io.execute(() -> {
            StepResult result = download(step, cancelled);
            done.accept(cancelled.get() ? cancelled() : result);
        });
        return () -> cancelled.set(true);
    }

    private StepResult download(Step step, AtomicBoolean cancelled) {
        try {
            String type = step.inputs().path("sourceType").asText("");
            if (!type.equals("S3")) {
                return StepResult.failure("SourceType - " + type + " - is not supported by the sandbox: use S3.");
            }
            S3Address source = S3Address.parse(
                    info(step.inputs().path("sourceInfo")).path("path").asText(""));
            String destination = step.inputs().path("destinationPath").asText("");
            List<String> below = s3.list(source.bucket(), source.folder());
            if (below.isEmpty()) {
                return file(step, source, destination);
            }
            return folder(step, source, below, destination, cancelled);
        } catch (IOException | IllegalArgumentException e) {
            return StepResult.failure("Failed to download content: " + e.getMessage());
        }
    }

    private StepResult file(Step step, S3Address source, String destination) throws IOException {
        String path = step.place().resolve(destination);
        boolean intoFolder = destination.isEmpty() || destination.endsWith("/") || machine.isDirectory(path);
        String target = intoFolder ? path + "/" + source.fileName() : path;
        copy(source.bucket(), source.key(), target);
        return StepResult.success("Content downloaded to " + path + "\n");
    }

    private StepResult folder(
            Step step, S3Address source, List<String> keys, String destination, AtomicBoolean cancelled)
            throws IOException {
        String path = step.place().resolve(destination);
        for (String key : keys) {
            if (!key.endsWith("/") && !cancelled.get()) {
                copy(
                        source.bucket(),
                        key,
                        path + "/" + key.substring(source.folder().length()));
            }
        }
        return StepResult.success("Content downloaded to " + path + "\n");
    }

    private void copy(String bucket, String key, String target) throws IOException {
        try (InputStream content = s3.open(bucket, key)) {
            machine.write(target.replaceAll("/{2,}", "/"), content);
        }
    }

    /** A StringMap, or the text of one. */
    private static JsonNode info(JsonNode sourceInfo) {
        return sourceInfo.isTextual() ? Json.parse(sourceInfo.asText()).orElse(Json.object()) : sourceInfo;
    }

    private static StepResult cancelled() {
        return new StepResult(InvocationStatus.CANCELLED, StepResult.KILLED, "", "", false);
    }
}
