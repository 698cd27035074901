package dev.gantry.bastion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.bastion.hosts.InstanceArn;
import dev.gantry.bastion.hosts.Subnets;
import dev.gantry.bastion.keys.SshKeys;
import dev.gantry.bastion.message.Outcome;
import dev.gantry.bastion.message.State;
import dev.gantry.bastion.store.Bucket;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** What happens to each message, tested without an exchange: no machine has written host keys here. */
class BatchTest {
    private static final FakeContext CONTEXT = new FakeContext(30_000);

    private volatile String failing = "nothing";
    private volatile AwsError error = new AwsError(403, "AccessDenied", "Access Denied");
    private final LocalS3 s3 = new LocalS3((service, operation, accessKey) ->
            operation.equals(failing) ? new Fault.ErrorResponse(error, false) : new Fault.None());
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
                        throw new IllegalStateException("an unexpected error");
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
        assertTrue(log().contains("an unexpected error"), log());
    }

    @Test
    void theEndOfARunIsAnsweredWithItsResultAndTheEndOfItsOutput() {
        Batch batch = new Batch(
                wiring.keys(),
                (message, keys, budget) -> new Outcome(
                        State.ENDED,
                        "the run has ended",
                        Optional.empty(),
                        Optional.of(Samples.json("{\"kind\":\"success\"}")),
                        Optional.of("PLAY RECAP")),
                s3.bucket(),
                wiring.log(),
                new HandClock());
        wiring.keys().rotate(Duration.ofHours(1));
        batch.handle(
                List.of(new Batch.Incoming("m0", Samples.message("status"))),
                new HandClock().instant().plusSeconds(30));

        JsonNode answer = Samples.json(s3.text("bastion/answers/" + Samples.RUN + "/" + Samples.INSTANCE + ".json"));
        assertEquals("ended", answer.get("state").asText());
        assertEquals("success", answer.at("/result/kind").asText());
        assertEquals("PLAY RECAP", answer.get("tail").asText());
    }

    @Test
    void aDefectInWritingAnAnswerDoesNotPreventTheInstancesNextMessage() {
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
    void ifThereAreNoKeysTheAnswerSaysHowToMakeThem() throws IOException {
        assertEquals(List.of(), kept(CONTEXT, Samples.message("status")));
        assertEquals("misconfigured", state());
        assertTrue(log().contains("there is no key pair at s3://gantry-sandbox/bastion/keys/pair.json"), log());
    }

    @Test
    void ifTheKeysCannotBeReadTheAnswerSaysSo() throws IOException {
        rotate();
        s3.put("bastion/keys/pair.json", "{");

        assertEquals(List.of(), kept(CONTEXT, Samples.message("status")));
        assertEquals("misconfigured", state());
        assertTrue(log().contains("\"detail\":\"s3://gantry-sandbox/bastion/keys/pair.json: "), log());
    }

    @Test
    void ifS3DoesNotAnswerForTheKeysTheMessagesAreAskedAgain() throws IOException {
        rotate();
        error = new AwsError(503, "SlowDown", "Reduce your request rate");
        failing = "GetObject";

        assertEquals(List.of(), kept(CONTEXT, Samples.message("status")));
        failing = "nothing";
        assertEquals("retryable", state());
        assertTrue(log().contains("reading s3://gantry-sandbox/bastion/keys/pair.json: SlowDown"), log());
    }

    @Test
    void aDefectThatKeepsTheKeysAwayIsLoggedAndTheMessagesAreAskedAgain() {
        S3Client unusable = new S3Client() {
            @Override
            public String serviceName() {
                return SERVICE_NAME;
            }

            @Override
            public void close() {}
        };
        Batch batch = new Batch(
                new SshKeys(new Bucket(unusable, LocalS3.BUCKET), "key", new HandClock()),
                (message, keys, budget) -> Outcome.misconfigured("without keys there is no exchange"),
                s3.bucket(),
                wiring.log(),
                new HandClock());

        assertEquals(
                List.of(),
                batch.handle(
                        List.of(new Batch.Incoming("m0", Samples.message("status"))),
                        new HandClock().instant().plusSeconds(30)));
        assertEquals("retryable", state());
        assertTrue(log().contains("\"of\":\"the key pairs\""), log());
    }

    @Test
    void aDefectInReadingAMessageIsLoggedAndTheMessageIsKept() {
        assertEquals(
                List.of("m0"),
                wiring.batch()
                        .handle(
                                List.of(new Batch.Incoming("m0", null)),
                                new HandClock().instant().plusSeconds(30)));
        assertTrue(log().contains("\"of\":\"message m0\""), log());
    }

    @Test
    void exchangesThatAreUnderWayAtTheEndOfTheInvocationAreLoggedAndKept() {
        CountDownLatch never = new CountDownLatch(1);
        Instant until = new HandClock().instant().plusSeconds(30);
        InstantSource clock = new InstantSource() {
            @Override
            public Instant instant() {
                return new HandClock().instant();
            }

            /** Read when the wait for the exchanges begins, which is too late here. */
            @Override
            public long millis() {
                return until.toEpochMilli();
            }
        };
        Batch batch = waitingFor(never, clock);
        wiring.keys().rotate(Duration.ofHours(1));

        assertEquals(List.of("m0"), batch.handle(List.of(new Batch.Incoming("m0", Samples.message("status"))), until));
        assertTrue(log().contains("\"log_type\":\"bastion_late\""), log());
    }

    @Test
    void aMessageWhoseAnswerCannotBeWrittenIsKept() throws IOException {
        rotate();
        failing = "PutObject";

        assertEquals(List.of("m0"), kept(CONTEXT, Samples.message("status")));
        assertTrue(log().contains("\"log_type\":\"bastion_answer_not_written\""), log());
    }

    @Test
    void ifThereIsNoTimeForAnExchangeTheMessageIsKept() throws IOException {
        rotate();

        assertEquals(List.of("m0"), kept(new FakeContext(8_000), Samples.message("status")));
        assertFalse(s3.has("bastion/answers/" + Samples.RUN + "/" + Samples.INSTANCE + ".json"));
    }

    /** Five seconds are the shortest exchange, and six are for writing its answer. */
    @Test
    void elevenSecondsAreEnoughForOneExchange() throws IOException {
        rotate();

        assertEquals(List.of(), kept(new FakeContext(11_000), Samples.message("status")));
        assertTrue(log().contains("{\"log_type\":\"bastion_batch\""), log());
        assertTrue(log().contains("\"messages\":1") && log().contains("\"kept\":0"), log());
    }

    @Test
    void anInterruptionEndsTheWaitForExchangesAndIsPassedOn() {
        CountDownLatch never = new CountDownLatch(1);
        Batch batch = waitingFor(never, new HandClock());
        wiring.keys().rotate(Duration.ofHours(1));
        Thread.currentThread().interrupt();

        List<String> kept = batch.handle(
                List.of(new Batch.Incoming("m0", Samples.message("status"))),
                new HandClock().instant().plusSeconds(30));

        assertTrue(Thread.interrupted(), "the caller sees the interruption, too");
        assertEquals(List.of("m0"), kept);
    }

    @Test
    void aRotationAnswersWithThePairsAndLogsTheCurrentOne() throws IOException {
        JsonNode first = invoke("{\"action\": \"rotate\", \"overlapSeconds\": 3600}", CONTEXT);
        JsonNode second = invoke("{\"action\": \"rotate\", \"overlapSeconds\": 3600}", CONTEXT);

        assertTrue(first.get("current").asText().startsWith("SHA256:"), first.toString());
        assertFalse(first.has("previous"), first.toString());
        assertEquals(first.get("current"), second.get("previous"));
        assertEquals("2026-01-31T13:00:00Z", second.get("previousValidUntil").asText());
        assertTrue(log().contains("bastion_keys_rotated"), log());
        assertTrue(log().contains(second.get("current").asText()), log());
    }

    @Test
    void theNewestOfDoubledMessagesIsAnswered() throws IOException {
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
    void anErrorOfS3IsInTheAnswer() throws IOException {
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
        BastionConfig config = BastionConfig.of(good);
        assertEquals("b", config.bucket());
        assertTrue(config.subnets().contain("10.0.1.5"));
        assertEquals(new InstanceArn("eu-central-1", "111122223333"), config.arn());
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

    /** Its exchanges wait for this, and end when they are interrupted. */
    private Batch waitingFor(CountDownLatch event, InstantSource clock) {
        return new Batch(
                wiring.keys(),
                (message, keys, budget) -> {
                    try {
                        event.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    throw new IllegalStateException("interrupted");
                },
                s3.bucket(),
                wiring.log(),
                clock);
    }
}
