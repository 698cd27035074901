package dev.gantry.bastion;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.bastion.hosts.InstanceArn;
import dev.gantry.bastion.hosts.Subnets;
import dev.gantry.bastion.testing.FakeContext;
import dev.gantry.bastion.testing.LocalS3;
import dev.gantry.bastion.testing.OpenSsh;
import dev.gantry.bastion.testing.Programs;
import dev.gantry.bastion.testing.Samples;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.stored.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A bastion and an instance, both real sshd processes, the sandbox's S3, and the function's own handler in between: the
 * question of a test goes in as an event of SQS, and the answer comes out as the answer object.
 */
final class World implements AutoCloseable {
    static final String BASTIONS = "127.77.1.";
    static final String INSTANCES = "127.77.2.";
    private List<String> hostKeys = List.of("ecdsa", "ed25519");
    private static final String ARNS = "arn:aws:ec2:eu-central-1:111122223333:instance/";

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final Path folder;
    private final BastionConfig config;
    final LocalS3 s3 = opened(new LocalS3());
    private InstantSource clock = Clock.systemUTC();
    private OpenSsh bastion;
    private OpenSsh instance;

    World(Path folder) {
        Assumptions.assumeTrue(
                OpenSsh.obstacle().isEmpty(), () -> OpenSsh.obstacle().orElse(""));
        this.folder = folder;
        config = new BastionConfig(
                LocalS3.BUCKET,
                Subnets.of(BASTIONS + "0/24," + INSTANCES + "0/24"),
                new InstanceArn("eu-central-1", "111122223333"),
                "arn:aws:kms:eu-central-1:111122223333:key/k");
        wiring().keys().rotate(Duration.ofHours(1));
    }

    <T extends AutoCloseable> T opened(T resource) {
        open.add(0, resource);
        return resource;
    }

    /** The kinds of host keys that hosts have from now on. */
    void hostKeys(String... kinds) {
        hostKeys = List.of(kinds);
    }

    void clock(InstantSource given) {
        clock = given;
    }

    Wiring wiring() {
        int bastionPort = bastion == null ? 1 : bastion.port();
        int instancePort = instance == null ? 1 : instance.port();
        SshLogins logins = new SshLogins(OpenSsh.USER, bastionPort, OpenSsh.USER, instancePort);
        PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);
        return new Wiring(config, logins, s3.client(), out, clock);
    }

    /** The public halves that are valid, as instance and bastion read them from S3. */
    List<String> publicKeys() {
        List<String> keys = new ArrayList<>();
        for (JsonNode key : Samples.json(s3.text("bastion/keys/public.json")).get("keys")) {
            keys.add(key.get("public").asText());
        }
        return keys;
    }

    /** An instance whose sshd has this forced command for the function's keys. */
    OpenSsh instance(String command) {
        List<String> lines = publicKeys().stream()
                .map(key -> "restrict,command=\"" + command + "\" " + key)
                .toList();
        instance = opened(OpenSsh.start(folder.resolve("instance"), INSTANCES + "20", hostKeys, lines, ""));
        writes("hostkeys/", Samples.INSTANCE, instance.address(), instance.hostKeys());
        return instance;
    }

    /** An instance whose forced command is this program of sh. */
    OpenSsh instanceSaying(String program) {
        return instance(Programs.script(folder.resolve("forced"), program).toString());
    }

    /** A bastion that forwards to the instance, and does nothing else. The instance must be there already. */
    OpenSsh bastion() {
        return bastion(Samples.BASTION, "10");
    }

    /** The bastion that the function finds. */
    OpenSsh currentBastion() {
        return bastion;
    }

    OpenSsh bastion(InstanceId id, String last) {
        List<String> lines = publicKeys().stream()
                .map(key -> "restrict,port-forwarding,permitopen=\"*:" + instance.port() + "\" " + key)
                .toList();
        Path place = folder.resolve("bastion-" + last);
        String more = JumpHost.configuration(
                OpenSsh.USER, place.resolve("authorized_keys"), instance.address() + ":" + instance.port());
        bastion = opened(OpenSsh.start(place, BASTIONS + last, hostKeys, lines, more));
        writes("bastion/jump/", id, bastion.address(), bastion.hostKeys());
        return bastion;
    }

    /** What a machine does at boot. */
    void writes(String prefix, InstanceId id, String address, List<String> keys) {
        ObjectNode record = Json.object()
                .put("format", 1)
                .put("instance", id.value())
                .put("address", address)
                .put("at", Instant.now().toString());
        keys.forEach(record.withArray("keys")::add);
        s3.put(prefix + ARNS + id, record.toString());
    }

    /** One message through the function; the answer that it wrote. */
    JsonNode ask(String message) {
        List<String> kept = askAll(List.of(message));
        if (!kept.isEmpty()) {
            throw new AssertionError("the message was kept: " + log());
        }
        JsonNode asked = Samples.json(message);
        return answer(asked.get("run").asText());
    }

    JsonNode answer(String run) {
        return Samples.json(s3.text("bastion/answers/" + run + "/" + Samples.INSTANCE + ".json"));
    }

    /** A batch; the ids, {@code m0} and so on, that SQS has to keep. */
    List<String> askAll(List<String> messages) {
        return askAll(messages, new FakeContext(30_000));
    }

    List<String> askAll(List<String> messages, Context context) {
        ObjectNode event = Json.object();
        for (String message : messages) {
            ObjectNode record = event.withArray("Records").addObject();
            record.put("messageId", "m" + (event.get("Records").size() - 1)).put("body", message);
        }
        List<String> kept = new ArrayList<>();
        Samples.json(invoke(event.toString(), context))
                .get("batchItemFailures")
                .forEach(failure -> kept.add(failure.get("itemIdentifier").asText()));
        return kept;
    }

    String invoke(String event, Context context) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new BastionHandler(wiring())
                    .handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), out, context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What the function has logged. */
    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot close " + resource, e);
            }
        }
    }
}
