package dev.gantry.aws.sqs;

import dev.gantry.aws.AwsErrors;
import dev.gantry.aws.Batches;
import dev.gantry.launch.error.GantryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;

/**
 * Lets received messages wait: a message is received again when its visibility timeout ends.
 *
 * <p>A timeout is 0 to 43,200 s, and a batch has at most 10 entries (API_ChangeMessageVisibility,
 * API_ChangeMessageVisibilityBatch). A message that could not be changed comes back when the queue's own timeout ends,
 * so nothing is lost: the caller logs the error and goes on.
 */
public final class SqsVisibility {
    /** The longest visibility timeout that SQS accepts. */
    public static final Duration LONGEST = Duration.ofHours(12);

    private static final int BATCH = 10;

    private final SqsClient sqs;

    public SqsVisibility(SqsClient sqs) {
        this.sqs = sqs;
    }

    /**
     * Hides one received message for this long from now.
     *
     * @throws GantryException if the call to SQS fails
     */
    public void change(String queueUrl, String receiptHandle, Duration hidden) {
        int seconds = seconds(hidden);
        try {
            sqs.changeMessageVisibility(request ->
                    request.queueUrl(queueUrl).receiptHandle(receiptHandle).visibilityTimeout(seconds));
        } catch (SdkException e) {
            throw AwsErrors.classify("ChangeMessageVisibility in queue " + queueUrl, e);
        }
    }

    /**
     * Hides received messages, each for its own time from now.
     *
     * @param hidden receipt handle to time
     * @return the receipt handles that could not be changed, with the reason; a failed call fails only its ten messages
     */
    public Map<String, GantryException> change(String queueUrl, Map<String, Duration> hidden) {
        hidden.values().forEach(SqsVisibility::seconds);
        Map<String, GantryException> failed = new HashMap<>();
        for (List<String> receipts : Batches.of(hidden.keySet(), BATCH)) {
            try {
                sqs.changeMessageVisibilityBatch(
                                request -> request.queueUrl(queueUrl).entries(entries(receipts, hidden)))
                        .failed()
                        .forEach(entry ->
                                failed.put(receipts.get(Integer.parseInt(entry.id())), error(queueUrl, entry)));
            } catch (SdkException e) {
                GantryException error = AwsErrors.classify("ChangeMessageVisibilityBatch in queue " + queueUrl, e);
                receipts.forEach(receipt -> failed.put(receipt, error));
            }
        }
        return failed;
    }

    private static List<ChangeMessageVisibilityBatchRequestEntry> entries(
            List<String> receipts, Map<String, Duration> hidden) {
        List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
        for (String receipt : receipts) {
            entries.add(ChangeMessageVisibilityBatchRequestEntry.builder()
                    .id(Integer.toString(entries.size()))
                    .receiptHandle(receipt)
                    .visibilityTimeout(seconds(hidden.get(receipt)))
                    .build());
        }
        return entries;
    }

    private static GantryException error(String queueUrl, BatchResultErrorEntry entry) {
        String said =
                "ChangeMessageVisibilityBatch in queue " + queueUrl + ": " + entry.code() + ": " + entry.message();
        return new GantryException.Retryable(said + "; the message comes back by the queue's own timeout", null);
    }

    private static int seconds(Duration hidden) {
        if (hidden.isNegative() || hidden.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "a visibility timeout is 0 to " + LONGEST.toSeconds() + " s, not " + hidden.toSeconds());
        }
        return (int) hidden.toSeconds();
    }
}
