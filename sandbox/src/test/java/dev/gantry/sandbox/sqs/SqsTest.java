package dev.gantry.sandbox.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.Clients;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.testing.HandTimers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

@Timeout(1200)
class SqsTest {
    private final HandTimers timers = new HandTimers();
    private Sandbox sandbox;
    private SqsClient sqs;
    private String queue;
    private String deadLetters;

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.builder().timers(timers).start();
        sqs = Clients.of(sandbox).sqs();
        deadLetters = sqs.createQueue(b -> b.queueName("dead")).queueUrl();
        String arn = attribute(deadLetters, QueueAttributeName.QUEUE_ARN);
        String redrive = "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":2}";
        queue = create(
                "work",
                Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "360", QueueAttributeName.REDRIVE_POLICY, redrive));
    }

    @AfterEach
    void stop() {
        sqs.close();
        sandbox.close();
    }

    private String create(String name, Map<QueueAttributeName, String> attributes) {
        return sqs.createQueue(b -> b.queueName(name).attributes(attributes)).queueUrl();
    }

    private String attribute(String url, QueueAttributeName name) {
        return sqs.getQueueAttributes(b -> b.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                .attributes()
                .get(name);
    }

    private List<Message> receive(String url) {
        return sqs.receiveMessage(b -> b.queueUrl(url)
                        .maxNumberOfMessages(10)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                        .messageAttributeNames("All"))
                .messages();
    }

    private String send(String body) {
        return sqs.sendMessage(b -> b.queueUrl(queue).messageBody(body)).messageId();
    }

    private static String count(Message message) {
        return message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
    }

    private static void assertRefused(String code, Executable call) {
        SqsException refused = assertThrows(SqsException.class, call);
        assertEquals(400, refused.statusCode());
        assertEquals(code, refused.awsErrorDetails().errorCode());
        assertTrue(refused.requestId() != null && !refused.requestId().isEmpty());
    }

    @Test
    void addressesPointAtTheFrontEndpoint() {
        assertEquals(sandbox.endpoint() + "/111122223333/work", queue);
        assertEquals("arn:aws:sqs:eu-central-1:111122223333:work", attribute(queue, QueueAttributeName.QUEUE_ARN));
        assertEquals(queue, sqs.getQueueUrl(b -> b.queueName("work")).queueUrl());
    }

    @Test
    void aMessageArrivesWithItsAttributesAndGoesWhenDeleted() {
        sqs.sendMessage(b -> b.queueUrl(queue)
                .messageBody("hello")
                .messageAttributes(Map.of(
                        "kind",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("greeting")
                                .build())));
        Message message = receive(queue).get(0);
        assertEquals("hello", message.body());
        assertEquals("greeting", message.messageAttributes().get("kind").stringValue());
        assertEquals("1", count(message));
        sqs.deleteMessage(b -> b.queueUrl(queue).receiptHandle(message.receiptHandle()));
        timers.advance(Duration.ofHours(1));
        assertEquals(List.of(), receive(queue));
    }

    @Test
    void aMessageThatIsNotDeletedComesBackAfterItsVisibility() {
        send("again");
        receive(queue);
        timers.advance(Duration.ofSeconds(359));
        assertEquals(List.of(), receive(queue));
        timers.advance(Duration.ofSeconds(1));
        assertEquals("2", count(receive(queue).get(0)));
    }

    @Test
    void visibilityCanBeChangedOnlyWhileTheMessageIsInFlight() {
        send("waiting");
        String handle = receive(queue).get(0).receiptHandle();
        sqs.changeMessageVisibility(b -> b.queueUrl(queue).receiptHandle(handle).visibilityTimeout(5));
        timers.advance(Duration.ofSeconds(5));
        assertRefused(
                "InvalidParameterValue",
                () -> sqs.changeMessageVisibility(
                        b -> b.queueUrl(queue).receiptHandle(handle).visibilityTimeout(5)));
        assertEquals(1, receive(queue).size());
        assertRefused(
                "InvalidParameterValue",
                () -> sqs.changeMessageVisibility(
                        b -> b.queueUrl(queue).receiptHandle(handle).visibilityTimeout(43_201)));
        assertRefused(
                "ReceiptHandleIsInvalid",
                () -> sqs.changeMessageVisibility(
                        b -> b.queueUrl(queue).receiptHandle("rubbish").visibilityTimeout(5)));
    }

    @Test
    void anEarlierReceiptHandleDeletesNothing() {
        send("stale");
        String stale = receive(queue).get(0).receiptHandle();
        timers.advance(Duration.ofMinutes(6));
        receive(queue);
        sqs.deleteMessage(b -> b.queueUrl(queue).receiptHandle(stale));
        assertEquals("1", attribute(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
    }

    @Test
    void aMessageReceivedTooOftenGoesToTheDeadLettersAndCanBeMovedBack() {
        send("poison");
        for (int i = 0; i < 2; i++) {
            assertEquals(1, receive(queue).size());
            timers.advance(Duration.ofMinutes(6));
        }
        assertEquals(List.of(), receive(queue));
        assertEquals("1", attribute(deadLetters, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
        String arn = attribute(deadLetters, QueueAttributeName.QUEUE_ARN);
        assertEquals(
                List.of(queue),
                sqs.listDeadLetterSourceQueues(b -> b.queueUrl(deadLetters)).queueUrls());
        sqs.startMessageMoveTask(b -> b.sourceArn(arn));
        assertEquals(
                "COMPLETED",
                sqs.listMessageMoveTasks(b -> b.sourceArn(arn)).results().get(0).status());
        Message back = receive(queue).get(0);
        assertEquals("poison", back.body());
        assertEquals("1", count(back));
    }

    @Test
    void aDelayedMessageIsNotThereYet() {
        sqs.sendMessage(b -> b.queueUrl(queue).messageBody("late").delaySeconds(900));
        timers.advance(Duration.ofSeconds(899));
        assertEquals(List.of(), receive(queue));
        assertEquals("1", attribute(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED));
        timers.advance(Duration.ofSeconds(1));
        assertEquals(1, receive(queue).size());
    }

    @Test
    void messagesOlderThanTheRetentionAreGone() {
        send("old");
        timers.advance(Duration.ofDays(4).plusSeconds(1));
        assertEquals(List.of(), receive(queue));
    }

    @Test
    void aLongPollEndsWithTheMessageThatItWaitedFor() throws Exception {
        Queue work = sandbox.cloud().sqs().find("work").orElseThrow();
        var poll = work.receive(10, Optional.empty(), Duration.ofSeconds(20));
        assertEquals(false, poll.isDone());
        send("at last");
        assertEquals("at last", poll.get().get(0).body());
        var empty = work.receive(10, Optional.empty(), Duration.ofSeconds(20));
        timers.advance(Duration.ofSeconds(20));
        assertEquals(List.of(), empty.get());
    }

    @Test
    void aLongPollEndsWithAMessageThatBecomesVisibleMeanwhile() throws Exception {
        send("again");
        sqs.receiveMessage(b -> b.queueUrl(queue).visibilityTimeout(3));
        Queue work = sandbox.cloud().sqs().find("work").orElseThrow();
        var poll = work.receive(10, Optional.empty(), Duration.ofSeconds(20));
        timers.advance(Duration.ofSeconds(3));
        assertEquals("again", poll.get().get(0).body());
    }

    @Test
    void aBatchFailsByEntry() {
        SendMessageBatchResponse sent =
                sqs.sendMessageBatch(b -> b.queueUrl(queue).entries(entry("good", "b", 0), entry("bad", "b", 901)));
        assertEquals("good", sent.successful().get(0).id());
        BatchResultErrorEntry failed = sent.failed().get(0);
        assertEquals("bad InvalidParameterValue", failed.id() + " " + failed.code());
    }

    private static SendMessageBatchRequestEntry entry(String id, String body, int delay) {
        return SendMessageBatchRequestEntry.builder()
                .id(id)
                .messageBody(body)
                .delaySeconds(delay)
                .build();
    }

    @Test
    void batchesHoldTenEntriesWithDistinctIds() {
        assertRefused(
                "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
                () -> sqs.sendMessageBatch(b -> b.queueUrl(queue)
                        .entries(IntStream.range(0, 11)
                                .mapToObj(i -> entry("i" + i, "b", 0))
                                .toList())));
        assertRefused(
                "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
                () -> sqs.sendMessageBatch(b -> b.queueUrl(queue).entries(entry("i", "b", 0), entry("i", "b", 0))));
        assertRefused(
                "AWS.SimpleQueueService.EmptyBatchRequest",
                () -> sqs.sendMessageBatch(b -> b.queueUrl(queue).entries(List.of())));
    }

    @Test
    void limitsAreThoseOfSqs() {
        assertRefused(
                "InvalidParameterValue",
                () -> sqs.receiveMessage(b -> b.queueUrl(queue).maxNumberOfMessages(11)));
        assertRefused(
                "InvalidParameterValue",
                () -> sqs.receiveMessage(b -> b.queueUrl(queue).waitTimeSeconds(21)));
        assertRefused("InvalidParameterValue", () -> send("x".repeat(1_048_577)));
        assertRefused("InvalidMessageContents", () -> send("\u0001"));
        assertRefused("MissingParameter", () -> send(""));
        assertRefused(
                "InvalidAttributeValue", () -> create("never", Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "43201")));
        assertRefused(
                "InvalidAttributeName",
                () -> create("never", Map.of(QueueAttributeName.fromValue("FifoQueue"), "true")));
        assertRefused("InvalidParameterValue", () -> create("not a name", Map.of()));
        assertRefused(
                "InvalidParameterValue",
                () -> create(
                        "never",
                        Map.of(
                                QueueAttributeName.REDRIVE_POLICY,
                                "{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-central-1:111122223333:dead\",\"maxReceiveCount\":1001}")));
        assertRefused(
                "InvalidParameterValue",
                () -> create(
                        "never",
                        Map.of(
                                QueueAttributeName.REDRIVE_POLICY,
                                "{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-central-1:111122223333:no\",\"maxReceiveCount\":3}")));
    }

    @Test
    void creatingAQueueTwiceIsFineWithTheSameAttributesOnly() {
        assertEquals(queue, create("work", Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "360")));
        assertRefused("QueueAlreadyExists", () -> create("work", Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "7")));
    }

    @Test
    void aQueueThatIsGoneDoesNotExist() {
        sqs.deleteQueue(b -> b.queueUrl(queue));
        assertRefused("AWS.SimpleQueueService.NonExistentQueue", () -> send("x"));
        assertRefused("AWS.SimpleQueueService.NonExistentQueue", () -> sqs.getQueueUrl(b -> b.queueName("work")));
    }

    @Test
    void purgingEmptiesTheQueueOnceAMinute() {
        send("x");
        sqs.purgeQueue(b -> b.queueUrl(queue));
        assertEquals(List.of(), receive(queue));
        assertRefused("AWS.SimpleQueueService.PurgeQueueInProgress", () -> sqs.purgeQueue(b -> b.queueUrl(queue)));
    }
}
