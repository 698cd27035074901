package dev.gantry.sandbox.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.aws.fuzz.FuzzTarget;
import dev.gantry.aws.fuzz.FuzzTargets;
import dev.gantry.aws.fuzz.Holds;
import dev.gantry.aws.fuzz.Parts;
import dev.gantry.sandbox.events.EventPattern;
import dev.gantry.sandbox.sqs.Sqs;
import dev.gantry.sandbox.ssm.Ssm;
import dev.gantry.sandbox.wire.JsonProtocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the sandbox reads. Whatever a client sends gets an answer of the service: a request that AWS would refuse is refused
 * with an error code, and none is answered with InternalFailure or a cut connection.
 */
public final class SandboxFuzzTargets implements FuzzTargets {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CALLS = 4;

    private final Path blobs = temporary();

    @Override
    public List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget("pattern", "an event pattern and an event", List.of(EventPattern.class), this::pattern),
                new FuzzTarget(
                        "document",
                        "a Command document, run by an agent",
                        classes(
                                "ssm.DocumentRules",
                                "ssm.DocumentParameters",
                                "agent.Interpolation",
                                "agent.DocumentRun"),
                        DocumentFuzz::take),
                new FuzzTarget(
                        "ssm",
                        "calls of Systems Manager",
                        List.of(JsonProtocol.class, Ssm.class),
                        input -> json("ssm", "AmazonSSM.", input)),
                new FuzzTarget(
                        "sqs",
                        "calls of SQS",
                        List.of(JsonProtocol.class, Sqs.class),
                        input -> json("sqs", "AmazonSQS.", input)),
                new FuzzTarget(
                        "autoscaling",
                        "calls of Auto Scaling",
                        classes("wire.QueryProtocol", "autoscaling.Query", "autoscaling.GroupForm"),
                        this::query),
                new FuzzTarget(
                        "s3",
                        "requests of S3",
                        classes("s3.S3", "s3.Upload", "s3.Range", "s3.Multipart", "s3.AwsChunkedInputStream"),
                        this::s3),
                new FuzzTarget(
                        "request",
                        "any HTTP request",
                        classes("wire.Front", "wire.Caller", "wire.WireRequest"),
                        this::request));
    }

    /** Some parsers are not public. */
    private static List<Class<?>> classes(String... names) {
        return Arrays.stream(names)
                .<Class<?>>map(name -> {
                    try {
                        return Class.forName("dev.gantry.sandbox." + name);
                    } catch (ClassNotFoundException e) {
                        throw new IllegalStateException("no parser " + name, e);
                    }
                })
                .toList();
    }

    private static Path temporary() {
        try {
            Path folder = Files.createTempDirectory("gantry-fuzz-");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder", e);
        }
    }

    private void pattern(byte[] input) {
        List<String> parts = Parts.of(input, 2);
        EventPattern pattern;
        try {
            pattern = EventPattern.parse(parts.get(0));
        } catch (IllegalArgumentException refused) {
            Holds.that(String.valueOf(refused.getMessage()).startsWith("The event pattern"), "says: " + refused);
            return;
        }
        try {
            JsonNode event = JSON.readTree(parts.get(1));
            pattern.matches(event);
        } catch (JsonProcessingException notAnEvent) {
            pattern.matches(JSON.createObjectNode());
        }
    }

    /** Each part is one call: the operation's name in the first line, the input below. */
    private void json(String service, String prefix, byte[] input) {
        WireWorld world = new WireWorld(blobs);
        world.timers.hasty();
        for (String call : Parts.of(input, CALLS)) {
            int end = call.indexOf('\n');
            String operation = end < 0 ? call : call.substring(0, end);
            byte[] body = (end < 0 ? "" : call.substring(end + 1)).getBytes(StandardCharsets.UTF_8);
            world.send(service, "POST", "/", Map.of("X-Amz-Target", prefix + operation), body);
        }
    }

    /** Each part is the form of one call; time passes in between, so that instances come to their hooks. */
    private void query(byte[] input) {
        WireWorld world = new WireWorld(blobs);
        for (String call : Parts.of(input, CALLS)) {
            world.send("autoscaling", "POST", "/", Map.of(), call.getBytes(StandardCharsets.UTF_8));
            world.timers.pass(Duration.ofSeconds(30));
        }
    }

    /** Each part is a request: method and path, headers, an empty line, the body. */
    private void s3(byte[] input) {
        WireWorld world = new WireWorld(blobs);
        for (String request : Parts.of(input, CALLS)) {
            send(world, "s3", request);
        }
    }

    private void request(byte[] input) {
        WireWorld world = new WireWorld(blobs);
        world.timers.hasty();
        send(world, "sts", Parts.text(input));
    }

    private static void send(WireWorld world, String service, String request) {
        String[] halves = request.split("\n\n", 2);
        List<String> head = halves[0].lines().toList();
        String[] line = (head.isEmpty() ? "" : head.get(0)).split(" ", 2);
        Map<String, String> headers = new LinkedHashMap<>();
        head.stream().skip(1).map(header -> header.split(": ", 2)).forEach(h -> headers.put(h[0], h[h.length - 1]));
        String path = line.length < 2 || line[1].isEmpty() ? "/" : line[1];
        byte[] body = (halves.length < 2 ? "" : halves[1]).getBytes(StandardCharsets.UTF_8);
        world.send(service, line[0], path, headers, body);
    }
}
