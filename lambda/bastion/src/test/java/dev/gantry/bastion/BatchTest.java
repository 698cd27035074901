package dev.gantry.bastion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.bastion.hosts.InstanceArn;
import dev.gantry.bastion.hosts.Subnets;
import dev.gantry.bastion.message.Outcome;
import dev.gantry.bastion.testing.FakeContext;
import dev.gantry.bastion.testing.HandClock;
import dev.gantry.bastion.testing.LocalS3;
import dev.gantry.bastion.testing.Samples;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Question;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Faults.Fault;
import dev.gantry.stored.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to each message, tested without an exchange: no machine has written host keys here. */
class BatchTest {
    private static final FakeContext CONTEXT = new FakeContext(30_000);

    private volatile String failing = "nothing";
    private final LocalS3 s3 = new LocalS3((service, operation, accessKey) -> operation.equals(failing)
            ? new Fault.Answer(new AwsError(403, "AccessDenied", "Access Denied"), false)
            : new Fault.None());
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final Wiring wiring = new Wiring(
            new BastionConfig(
                    LocalS3.BUCKET,
                    Subnets.of("10.0.1.0/24"),
                    new InstanceArn("eu-central-1", "111122223333"),
                    "arn:aws:kms:eu-central-1:111122223333:key/k"),
            SshLogins.STANDARD,
            s3.client(),
            new PrintStream(log, true, StandardCharsets.UTF_8),
            new HandClock());

    @AfterEach
    void close() {
        s3.close();
    }

    private JsonNode invoke(String event, FakeContext context) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new BastionHandler(wiring)
                .handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), out, context);
        return Samples.json(out.toString(StandardCharsets.UTF_8));
    }

    private List<String> kept(FakeContext context, String... bodies) throws IOException {
        List<String> records = new ArrayList<>();
        for (String body : bodies) {
            records.add(Samples.json("{}")
                    .toString()
                    .replace(
                            "{}",
                            "{\"messageId\":\"m" + records.size() + "\",\"body\":"
                                    + com.fasterxml.jackson.databind.node.TextNode.valueOf(body) + "}"));
        }
        List<String> ids = new ArrayList<>();
        invoke("{\"Records\":[" + String.join(",", records) + "]}", context)
                .get("batchItemFailures")
                .forEach(failure -> ids.add(failure.get("itemIdentifier").asText()));
        return ids;
    }

    private String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    private String state() {
        return Samples.json(s3.text("bastion/answers/" + Samples.RUN + "/" + Samples.INSTANCE + ".json"))
                .get("state")
                .asText();
    }

    private void rotate() throws IOException {
        invoke("{\"action\": \"rotate\", \"overlapSeconds\": 3600}", CONTEXT);
    }

    @Test
    void aMessageThatCannotBeReadIsKeptForTheDeadLetterQueueAndItsNeighboursGoOn() throws IOException {
        rotate();

        assertEquals(
                List.of("m0", "m2"),
                kept(
                        CONTEXT,
                        "rubbish-hunter2",
                        Samples.message("status"),
                        Samples.message("status", m -> m.remove("run"))));
        assertEquals("retryable", state());
        assertTrue(log().contains("\"why\":\"run is missing\""), log());
        assertFalse(log().contains("hunter2"), log());
    }

    @Test
    void aMessageThatIsNestedTooDeeplyIsKeptAndItsNeighbourIsAnswered() throws IOException {
        rotate();

        assertEquals(
                List.of("m0", "m2"),
                kept(
                        CONTEXT,
                        "[".repeat(1_006),
                        Samples.message("status"),
                        "{\"format\": 1" + "0".repeat(1_006) + "}"));
        assertEquals("retryable", state());
    }

    @Test
    void aDefectKeepsItsOwnMessageAndAnswersTheNeighbours() {
        InstanceId broken = new InstanceId("i-0bbbbbbbbbbbbbbbb");
        Batch batch = new Batch(
                wiring.keys(),
                (message, keys, budget) -> {
                    if (message.instance().equals(broken)) {
                        throw new IllegalStateException("nobody expects this");
                    }
                    return Outcome.retryable("the instance does not answer");
                },
                s3.bucket(),
                wiring.log(),
                new HandClock());
        wiring.keys().rotate(Duration.ofHours(1));

        assertEquals(
                List.of("m0"),
                batch.handle(
                        List.of(
                                new Batch.Incoming(
                                        "m0", Samples.message("status", m -> m.put("instance", broken.value()))),
                                new Batch.Incoming("m1", Samples.message("status"))),
                        new HandClock().instant().plusSeconds(30)));
        assertEquals("retryable", state());
        assertTrue(log().contains("\"log_type\":\"bastion_defect\""), log());
        assertTrue(log().contains("nobody expects this"), log());
    }

    @Test
    void aDefectInWritingAnAnswerKeepsTheInstancesNextMessageFromNothing() {
        Batch batch = new Batch(
                wiring.keys(),
                (message, keys, budget) ->
                        message.ask() == Question.STATUS ? null : Outcome.retryable("the instance does not answer"),
                s3.bucket(),
                wiring.log(),
                new HandClock());
        wiring.keys().rotate(Duration.ofHours(1));

        assertEquals(
                List.of("m0"),
                batch.handle(
                        List.of(
                                new Batch.Incoming("m0", Samples.message("status")),
                                new Batch.Incoming("m1", Samples.message("cancel"))),
                        new HandClock().instant().plusSeconds(30)));
        assertEquals("retryable", state());
    }

    @Test
    void whereThereAreNoKeysTheAnswerSaysHowToMakeThem() throws IOException {
        assertEquals(List.of(), kept(CONTEXT, Samples.message("status")));
        assertEquals("misconfigured", state());
        assertTrue(log().contains("there is no key pair at s3://gantry-sandbox/bastion/keys/pair.json"), log());
    }

    @Test
    void aMessageWhoseAnswerCannotBeWrittenIsKept() throws IOException {
        rotate();
        failing = "PutObject";

        assertEquals(List.of("m0"), kept(CONTEXT, Samples.message("status")));
        assertTrue(log().contains("\"log_type\":\"bastion_answer_not_written\""), log());
    }

    @Test
    void whereThereIsNoTimeForAnExchangeTheMessageIsKept() throws IOException {
        rotate();

        assertEquals(List.of("m0"), kept(new FakeContext(8_000), Samples.message("status")));
        assertFalse(s3.has("bastion/answers/" + Samples.RUN + "/" + Samples.INSTANCE + ".json"));
    }

    @Test
    void ofDoubledMessagesTheNewestIsAnswered() throws IOException {
        rotate();
        String older = Samples.message("status");
        String newer = Samples.message("status", m -> m.put("at", "2026-01-31T13:00:00Z"));

        assertEquals(List.of(), kept(CONTEXT, newer, older, older));
        assertEquals(
                "2026-01-31T13:00:00Z",
                Samples.json(s3.text("bastion/answers/" + Samples.RUN + "/" + Samples.INSTANCE + ".json"))
                        .get("askedAt")
                        .asText());
        assertEquals(
                1,
                log().lines().filter(line -> line.contains("bastion_exchange")).count());
    }

    @Test
    void differentQuestionsAreAskedInTheOrderInWhichTheyWereMeant() throws IOException {
        rotate();

        assertEquals(
                List.of(),
                kept(CONTEXT, Samples.message("cancel"), Samples.message("status"), Samples.message("start")));
        List<String> asked = log().lines()
                .map(Samples::json)
                .filter(line -> line.get("log_type").asText().equals("bastion_exchange"))
                .map(line -> line.get("asked").asText())
                .toList();
        assertEquals(List.of("start", "status", "cancel"), asked);
    }

    @Test
    void manyInstancesAreAskedSideBySide() throws IOException {
        rotate();
        String[] messages = new String[10];
        for (int i = 0; i < messages.length; i++) {
            String instance = "i-000000000000000a" + i;
            messages[i] = Samples.message("status", m -> m.put("instance", instance));
        }

        assertEquals(List.of(), kept(CONTEXT, messages));
        assertTrue(s3.has("bastion/answers/" + Samples.RUN + "/i-000000000000000a9.json"));
    }

    @Test
    void anErrorOfS3IsWhatTheAnswerSays() throws IOException {
        rotate();
        failing = "ListObjectsV2";
        s3.put(
                "hostkeys/arn:aws:ec2:eu-central-1:111122223333:instance/" + Samples.INSTANCE,
                "{\"format\":1,\"instance\":\"" + Samples.INSTANCE + "\",\"address\":\"10.0.1.5\","
                        + "\"keys\":[\"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ==\"]}");

        kept(CONTEXT, Samples.message("status"));
        assertEquals("misconfigured", state());
        assertTrue(log().contains("listing s3://gantry-sandbox/bastion/jump/: AccessDenied"), log());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\": \"reboot\"}",
                "{}",
                "{\"action\": \"rotate\"}",
                "{\"action\": \"rotate\", \"overlapSeconds\": \"3600\"}",
                "{\"action\": \"rotate\", \"overlapSeconds\": 1.5}",
                "rubbish"
            })
    void anInvocationOfAnotherFormFails(String event) {
        assertThrows(Unreadable.class, () -> invoke(event, CONTEXT));
        assertFalse(s3.has("bastion/keys/pair.json"));
    }

    @Test
    void aRotationThatDidNotHappenFailsTheInvocation() throws IOException {
        rotate();
        failing = "PutObject";
        assertThrows(GantryException.Misconfigured.class, this::rotate);

        failing = "nothing";
        rotate();
        assertThrows(IllegalStateException.class, this::rotate);
    }

    @Test
    void theConfigurationNamesTheVariableThatIsWrong() {
        Map<String, String> good = Map.of(
                "GANTRY_BUCKET", "b",
                "GANTRY_BASTION_SUBNETS", "10.0.1.0/24",
                "GANTRY_ACCOUNT", "111122223333",
                "AWS_REGION", "eu-central-1",
                "GANTRY_BASTION_KMS_KEY", "k");
        assertEquals("b", BastionConfig.of(good).bucket());
        for (String name : good.keySet()) {
            Map<String, String> without = new java.util.HashMap<>(good);
            without.remove(name);
            String message = assertThrows(IllegalArgumentException.class, () -> BastionConfig.of(without))
                    .getMessage();
            assertTrue(message.startsWith("environment variable " + name + " is not set"), message);
        }
        for (String name : List.of("GANTRY_BASTION_SUBNETS", "GANTRY_ACCOUNT")) {
            Map<String, String> wrong = new java.util.HashMap<>(good);
            wrong.put(name, "wrong");
            String message = assertThrows(IllegalArgumentException.class, () -> BastionConfig.of(wrong))
                    .getMessage();
            assertTrue(message.startsWith("environment variable " + name + ": not a"), message);
        }
    }
}
