package dev.gantry.sandbox.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.aws.sqs.SqsDeadLetters;
import dev.gantry.aws.sqs.SqsPages;
import dev.gantry.launch.error.GantryException;
import dev.gantry.sandbox.Clients;
import dev.gantry.sandbox.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Every message that SQS accepted, it accepts as a dead letter with its reason, or as a page that quotes it. */
@Timeout(1200)
class DeadLettersTest {
    private static final int OF_TERRAFORM = 262_144;
    private static final int MOST = 1_048_576;

    private Sandbox sandbox;
    private SqsClient sqs;

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.builder().start();
        sqs = Clients.of(sandbox).sqs();
    }

    @AfterEach
    void stop() {
        sqs.close();
        sandbox.close();
    }

    private String queue(int size) {
        return sqs.createQueue(b -> b.queueName("dead")
                        .attributes(Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, String.valueOf(size))))
                .queueUrl();
    }

    private Message buried(String queue, String body, String why) {
        new SqsDeadLetters(sqs).send(queue, body, why);
        return sqs.receiveMessage(b -> b.queueUrl(queue).messageAttributeNames("All"))
                .messages()
                .get(0);
    }

    private static String attribute(Message message, String name) {
        return message.messageAttributes().get(name).stringValue();
    }

    @Test
    void aShortMessageIsBuriedWholeWithItsReason() {
        Message message = buried(queue(OF_TERRAFORM), "no JSON", "the message is not JSON");

        assertEquals("no JSON", message.body());
        assertEquals("the message is not JSON", attribute(message, "why"));
        assertEquals(1, message.messageAttributes().size());
    }

    @Test
    void aMessageAsLongAsTheQueueTakesIsBuriedWithoutItsEnd() {
        for (int size : new int[] {OF_TERRAFORM, MOST}) {
            String queue = queue(size);
            String body = "ü".repeat(size / 2);
            sqs.sendMessage(b -> b.queueUrl(queue).messageBody(body));
            sqs.receiveMessage(b -> b.queueUrl(queue));

            Message message = buried(queue, body, "the message is not JSON: " + "x".repeat(5_000));

            assertTrue(message.body().getBytes(StandardCharsets.UTF_8).length > size - 1_500, message.body());
            assertTrue(body.startsWith(message.body()));
            assertEquals("the body had " + size + " bytes; its end is missing", attribute(message, "cut"));
            sqs.deleteQueue(b -> b.queueUrl(queue));
        }
    }

    @Test
    void aReasonWithCharactersThatSqsRefusesIsBuriedAndPaged() {
        String queue = queue(OF_TERRAFORM);
        String foreign = "field '\uffff\ufffe\ud800' is wrong";

        assertEquals("field '\ufffd\ufffd\ufffd' is wrong", attribute(buried(queue, "{}", foreign), "why"));
        new SqsPages(sqs, queue).send(foreign);
    }

    @Test
    void aMessageThatNoQueueAcceptsIsStillAnError() {
        String small = queue(1_024);

        assertThrows(GantryException.class, () -> new SqsDeadLetters(sqs).send(small, "x".repeat(2_000), "why"));
    }

    /** "The message size includes its attributes": SQS developer guide, "Amazon SQS message quotas". */
    @Test
    void attributesCountTowardsTheLimit() {
        String queue = queue(1_024);
        String body = "x".repeat(1_024);
        sqs.sendMessage(b -> b.queueUrl(queue).messageBody(body));

        SqsException refused = assertThrows(
                SqsException.class,
                () -> sqs.sendMessage(b -> b.queueUrl(queue)
                        .messageBody(body)
                        .messageAttributes(Map.of(
                                "a",
                                MessageAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue("b")
                                        .build()))));
        assertTrue(refused.getMessage().contains("must be shorter than 1024 bytes"), refused.getMessage());
    }
}
