package dev.gantry.sandbox.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.sandbox.Clients;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.sqs.Queue;
import dev.gantry.sandbox.testing.HandTimers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

@Timeout(1200)
class SqsEventSourceTest {
    private static final HandTimers TIMERS = new HandTimers();
    private static final Heard HEARD = new Heard();
    private static final Duration PAST_VISIBILITY = Duration.ofMinutes(6).plusMillis(1);

    @TempDir
    static Path directory;

    private static Sandbox sandbox;
    private static Function function;

    private Queue queue;
    private Queue deadLetters;
    private SqsEventSource mapping;

    @BeforeAll
    static void start() throws IOException {
        sandbox = Sandbox.builder().timers(TIMERS).logs(HEARD).start();
        function =
                sandbox.cloud().lambda().deploy(ProbeZip.function(ProbeZip.in(directory), "probe", Optional.empty()));
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @BeforeEach
    void map(TestInfo test) {
        HEARD.forget();
        String name = test.getTestMethod().orElseThrow().getName();
        name = name.substring(0, Math.min(70, name.length()));
        deadLetters = sandbox.cloud().sqs().create(name + "-dlq", Map.of());
        String redrive = "{\"deadLetterTargetArn\":\"" + deadLetters.arn() + "\",\"maxReceiveCount\":2}";
        queue = sandbox.cloud().sqs().create(name, Map.of("VisibilityTimeout", "360", "RedrivePolicy", redrive));
        mapping = mapping(10, Duration.ZERO);
    }

    private SqsEventSource mapping(int batch, Duration window) {
        return new SqsEventSource(
                queue, function, new SqsEventSource.Settings(batch, window, 2), Sandbox.REGION, TIMERS);
    }

    @AfterEach
    void unmap() {
        mapping.close();
    }

    private void send(String body) {
        queue.send(body, Map.of(), "sender", Optional.empty());
    }

    private static JsonNode nextEvent() throws Exception {
        return new ObjectMapper().readTree(HEARD.next("EVENT ").substring("EVENT ".length()));
    }

    /** The event of the messages that come back; time passes once, so that none is received more often than that. */
    private static JsonNode eventPastVisibility() throws Exception {
        HEARD.next("END ");
        TIMERS.advance(PAST_VISIBILITY);
        return nextEvent();
    }

    private static String count(JsonNode event) {
        return event.at("/Records/0/attributes/ApproximateReceiveCount").asText();
    }

    private void awaitMessages(String state, int expected) {
        try (SqsClient sqs = Clients.of(sandbox).sqs()) {
            String url = sandbox.cloud().sqs().url(queue.name());
            QueueAttributeName name = QueueAttributeName.fromValue(state);
            while (!sqs.getQueueAttributes(b -> b.queueUrl(url).attributeNames(name))
                    .attributes()
                    .get(name)
                    .equals(String.valueOf(expected))) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void theFunctionGetsTheEventInAwssShapeAndSuccessDeletesTheMessage() throws Exception {
        send("hello");
        mapping.start();
        JsonNode record = nextEvent().at("/Records/0");
        assertEquals("hello", record.path("body").asText());
        assertEquals(
                "5d41402abc4b2a76b9719d911017c592", record.path("md5OfBody").asText());
        assertEquals("aws:sqs", record.path("eventSource").asText());
        assertEquals(queue.arn(), record.path("eventSourceARN").asText());
        assertEquals("eu-central-1", record.path("awsRegion").asText());
        assertEquals("1", record.at("/attributes/ApproximateReceiveCount").asText());
        assertTrue(record.at("/attributes/SentTimestamp").asText().matches("\\d{13}"));
        assertTrue(record.path("messageAttributes").isObject());
        awaitMessages("ApproximateNumberOfMessagesNotVisible", 0);
    }

    @Test
    void onlyTheItemsThatFailedComeBackAfterTheirVisibility() throws Exception {
        send("please-fail");
        send("fine");
        mapping.start();
        assertEquals(2, nextEvent().path("Records").size());
        awaitMessages("ApproximateNumberOfMessagesNotVisible", 1);
        TIMERS.advance(PAST_VISIBILITY);
        JsonNode again = nextEvent();
        assertEquals(1, again.path("Records").size());
        assertEquals("please-fail", again.at("/Records/0/body").asText());
        assertEquals("2", count(again));
    }

    @Test
    void aMalformedResponseFailsTheWholeBatch() throws Exception {
        send("please-answer-rubbish");
        send("fine");
        mapping.start();
        nextEvent();
        assertEquals(2, eventPastVisibility().path("Records").size());
    }

    @Test
    void aFunctionErrorFailsTheWholeBatchAndTheRedrivePolicyEndsIt() throws Exception {
        send("please-throw");
        mapping.start();
        assertEquals("1", count(nextEvent()));
        assertEquals("2", count(eventPastVisibility()));
        HEARD.next("END ");
        TIMERS.advance(PAST_VISIBILITY);
        queue = deadLetters;
        awaitMessages("ApproximateNumberOfMessages", 1);
    }

    @Test
    void theWindowGathersWhatComesMeanwhile() throws Exception {
        mapping = mapping(50, Duration.ofSeconds(1));
        for (int i = 0; i < 15; i++) {
            send("m" + i);
        }
        mapping.start();
        awaitMessages("ApproximateNumberOfMessagesNotVisible", 15);
        send("late");
        awaitMessages("ApproximateNumberOfMessagesNotVisible", 16);
        TIMERS.advance(Duration.ofSeconds(1));
        assertEquals(16, nextEvent().path("Records").size());
    }

    @Test
    void aMappingThatLambdaWouldRefuseIsRefused() {
        assertRefused("window must be 1 s or more", () -> new SqsEventSource.Settings(50, Duration.ZERO, 2));
        assertRefused("maximum concurrency", () -> new SqsEventSource.Settings(10, Duration.ZERO, 1));
        queue = sandbox.cloud().sqs().create("short-visibility", Map.of("VisibilityTimeout", "30"));
        assertRefused("less than the function's timeout", () -> mapping(10, Duration.ZERO));
    }

    private static void assertRefused(String rule, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(rule), message);
    }
}
