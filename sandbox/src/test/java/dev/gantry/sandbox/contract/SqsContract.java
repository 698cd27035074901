package dev.gantry.sandbox.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * What waiting by visibility needs of SQS (SQS developer guide, "visibility timeout" and "dead-letter queues"). Where time
 * must pass, a long poll waits for what it brings.
 */
abstract class SqsContract {
    private static final int RECEIVES_ALLOWED = 2;

    private SqsClient sqs;
    private String queue;
    private String deadLetters;

    @BeforeEach
    void createQueues(Endpoint endpoint) {
        sqs = endpoint.sqs();
        deadLetters =
                sqs.createQueue(b -> b.queueName(Endpoint.freshName("dlq"))).queueUrl();
        String redrive = "{\"deadLetterTargetArn\":\"" + attribute(deadLetters, QueueAttributeName.QUEUE_ARN)
                + "\",\"maxReceiveCount\":" + RECEIVES_ALLOWED + "}";
        queue = sqs.createQueue(b -> b.queueName(Endpoint.freshName("queue"))
                        .attributes(Map.of(
                                QueueAttributeName.VISIBILITY_TIMEOUT,
                                "60",
                                QueueAttributeName.REDRIVE_POLICY,
                                redrive)))
                .queueUrl();
    }

    private String attribute(String url, QueueAttributeName name) {
        return sqs.getQueueAttributes(b -> b.queueUrl(url).attributeNames(name))
                .attributes()
                .get(name);
    }

    private void send(String body) {
        sqs.sendMessage(b -> b.queueUrl(queue).messageBody(body));
    }

    /** Up to ten messages, waiting this long for the first. */
    private List<Message> receive(String url, int seconds) {
        return sqs.receiveMessage(b -> b.queueUrl(url)
                        .maxNumberOfMessages(10)
                        .waitTimeSeconds(seconds)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }

    private Message receiveOne() {
        List<Message> messages = receive(queue, 10);
        assertEquals(1, messages.size());
        return messages.get(0);
    }

    private void changeVisibility(String handle, int seconds) {
        sqs.changeMessageVisibility(b -> b.queueUrl(queue).receiptHandle(handle).visibilityTimeout(seconds));
    }

    private static int receives(Message message) {
        return Integer.parseInt(message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT));
    }

    private static void assertRefused(Set<String> codes, Executable call) {
        SqsException refused = assertThrows(SqsException.class, call);
        String code = refused.awsErrorDetails().errorCode();
        assertTrue(codes.contains(code), code + ": " + refused.getMessage());
    }

    @Test
    void aMessageIsReceivedOnceAndIsThenInFlight() {
        send("hello");

        Message message = receiveOne();

        assertEquals("hello", message.body());
        assertEquals(1, receives(message));
        assertEquals(List.of(), receive(queue, 0));
    }

    @Test
    void aDeletedMessageDoesNotComeBack() {
        send("done");
        String handle = receiveOne().receiptHandle();
        changeVisibility(handle, 1);

        sqs.deleteMessage(b -> b.queueUrl(queue).receiptHandle(handle));

        assertEquals(List.of(), receive(queue, 2));
    }

    @Test
    void aVisibilityOfZeroBringsTheMessageBackAtOnceAndCountsTheReceive() {
        send("again");
        changeVisibility(receiveOne().receiptHandle(), 0);

        assertEquals(2, receives(receiveOne()));
    }

    @Test
    void aShorterVisibilityBringsTheMessageBackWhenItHasPassed() {
        send("waiting");
        changeVisibility(receiveOne().receiptHandle(), 1);

        assertEquals(List.of(), receive(queue, 0));
        assertEquals("waiting", receiveOne().body());
    }

    @Test
    void aVisibilityBeyondTwelveHoursIsRefused() {
        send("for ever");
        String handle = receiveOne().receiptHandle();

        assertRefused(Set.of("InvalidParameterValue"), () -> changeVisibility(handle, 43_201));
    }

    @Test
    void theVisibilityOfAMessageThatIsNotInFlightCannotBeChanged() {
        send("visible again");
        String handle = receiveOne().receiptHandle();
        changeVisibility(handle, 0);

        // The reference names the second; the service is seen to answer the first ("not available for visibility
        // timeout
        // change").
        assertRefused(Set.of("InvalidParameterValue", "MessageNotInflight"), () -> changeVisibility(handle, 5));
    }

    @Test
    void textThatIsNoHandleIsRefused() {
        assertRefused(Set.of("ReceiptHandleIsInvalid"), () -> changeVisibility("rubbish", 5));
        assertRefused(
                Set.of("ReceiptHandleIsInvalid"),
                () -> sqs.deleteMessage(b -> b.queueUrl(queue).receiptHandle("rubbish")));
    }

    @Test
    void theHandleOfAnEarlierReceiveDeletesNothingAndIsNoError() {
        send("received twice");
        String earlier = receiveOne().receiptHandle();
        changeVisibility(earlier, 0);
        receiveOne();

        sqs.deleteMessage(b -> b.queueUrl(queue).receiptHandle(earlier));

        assertEquals("1", attribute(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
    }

    @Test
    void aMessageReceivedTooOftenGoesToTheDeadLetters() {
        send("poison");
        for (int receive = 1; receive <= RECEIVES_ALLOWED; receive++) {
            changeVisibility(receiveOne().receiptHandle(), 0);
        }

        assertEquals(List.of(), receive(queue, 1));
        List<Message> dead = receive(deadLetters, 10);
        assertEquals(List.of("poison"), dead.stream().map(Message::body).toList());
    }

    @Test
    void aBatchIsSentAndReceivedWhole() {
        sqs.sendMessageBatch(b -> b.queueUrl(queue).entries(entries(2)));

        Set<String> bodies = new HashSet<>();
        while (bodies.size() < 2) {
            List<Message> some = receive(queue, 10);
            assertFalse(some.isEmpty(), "no more messages after " + bodies);
            some.forEach(message -> bodies.add(message.body()));
        }
        assertEquals(Set.of("text 0", "text 1"), bodies);
    }

    @Test
    void aBatchFailsEntryByEntry() {
        send("one");
        DeleteMessageBatchRequestEntry good = entry("good", receiveOne().receiptHandle());
        DeleteMessageBatchRequestEntry bad = entry("bad", "rubbish");

        DeleteMessageBatchResponse answer =
                sqs.deleteMessageBatch(b -> b.queueUrl(queue).entries(List.of(good, bad)));

        assertEquals(
                List.of("good"), answer.successful().stream().map(e -> e.id()).toList());
        BatchResultErrorEntry failed = answer.failed().get(0);
        assertEquals("bad ReceiptHandleIsInvalid", failed.id() + " " + failed.code());
        assertTrue(failed.senderFault());
    }

    private static DeleteMessageBatchRequestEntry entry(String id, String handle) {
        return DeleteMessageBatchRequestEntry.builder()
                .id(id)
                .receiptHandle(handle)
                .build();
    }

    @Test
    void aBatchOfElevenIsRefusedWhole() {
        assertRefused(
                Set.of("AWS.SimpleQueueService.TooManyEntriesInBatchRequest"),
                () -> sqs.sendMessageBatch(b -> b.queueUrl(queue).entries(entries(11))));
        assertEquals(List.of(), receive(queue, 0));
    }

    private static List<SendMessageBatchRequestEntry> entries(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> SendMessageBatchRequestEntry.builder()
                        .id("entry-" + number)
                        .messageBody("text " + number)
                        .build())
                .toList();
    }

    @Test
    void aQueueThatIsNotThereSaysSo() {
        assertRefused(
                Set.of("AWS.SimpleQueueService.NonExistentQueue"),
                () -> sqs.getQueueUrl(b -> b.queueName(Endpoint.freshName("nowhere"))));
    }
}
