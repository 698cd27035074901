package dev.gantry.sandbox.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.testing.HandTimers;
import dev.gantry.sandbox.wire.AwsError;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SqsQueryTest {
    private Sandbox sandbox;
    private Sqs sqs;
    private SqsQuery query;

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.builder().timers(new HandTimers()).start();
        sqs = sandbox.cloud().sqs();
        query = new SqsQuery(sqs);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private static Map<String, String> to(String queue, String body) {
        return Map.of("Action", "SendMessage", "Version", "2012-11-05", "QueueUrl", queue, "MessageBody", body);
    }

    private static String refusal(Runnable call) {
        return assertThrows(AwsError.class, call::run).code();
    }

    @Test
    void aMessageIsAnsweredWithItsIdAndDigest() {
        sqs.create("work", Map.of());
        String answer = query.call("SendMessage", to(sqs.url("work"), "hello"));
        assertTrue(
                answer.matches("<MessageId>[0-9a-f-]{36}</MessageId>"
                        + "<MD5OfMessageBody>5d41402abc4b2a76b9719d911017c592</MD5OfMessageBody>"),
                answer);
    }

    @Test
    void errorsHaveTheirOldCodes() {
        assertEquals(
                "AWS.SimpleQueueService.NonExistentQueue",
                refusal(() -> query.call("SendMessage", to(sqs.url("none"), "hello"))));
    }

    @Test
    void anUnknownActionIsRefused() {
        assertEquals("InvalidAction", refusal(() -> query.call("ReceiveMessage", Map.of())));
        assertEquals(
                "InvalidParameterValue",
                refusal(() -> query.call("SendMessage", Map.of("MessageAttribute.1.Name", "kind"))));
    }
}
