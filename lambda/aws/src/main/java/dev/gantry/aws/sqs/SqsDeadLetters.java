package dev.gantry.aws.sqs;

import dev.gantry.aws.AwsErrors;
import dev.gantry.launch.text.Text;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * Sends a message that cannot be read to the dead-letter queue, with the reason as an attribute.
 *
 * <p>Body and attributes count together: at most 1 MiB since August 2025, or what the queue's MaximumMessageSize says, which
 * is 256 KiB where Terraform made the queue (SQS developer guide, "Amazon SQS message quotas"; API_SetQueueAttributes). A
 * message that came in at that size leaves no room for the reason, so the end of its body is cut off.
 */
public final class SqsDeadLetters {
    /** Maximum message sizes: of any queue, then of a queue that Terraform made; in bytes, with attributes. */
    private static final int[] SIZES = {1_048_576, 262_144};

    private static final int LONGEST_REASON = 800;
    private static final String TYPE = "String";

    private final SqsClient sqs;

    public SqsDeadLetters(SqsClient sqs) {
        this.sqs = sqs;
    }

    /**
     * Sends the body with a message attribute {@code why}; if the body was cut, an attribute {@code cut} says so.
     *
     * @throws dev.gantry.launch.error.GantryException if SQS refuses it
     */
    public void send(String queueUrl, String body, String why) {
        String reason = SqsText.allowed(Text.clip(why, LONGEST_REASON));
        try {
            sendWithin(SIZES[0], queueUrl, body, reason);
        } catch (SdkException e) {
            if (!isTooLong(e)) {
                throw AwsErrors.classify("SendMessage to the dead-letter queue " + queueUrl, e);
            }
            sendShorter(queueUrl, body, reason);
        }
    }

    private void sendShorter(String queueUrl, String body, String reason) {
        try {
            sendWithin(SIZES[1], queueUrl, body, reason);
        } catch (SdkException e) {
            throw AwsErrors.classify("SendMessage to the dead-letter queue " + queueUrl, e);
        }
    }

    private void sendWithin(int size, String queueUrl, String body, String reason) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("why", reason);
        String sent = body;
        if (bytes(body) + bytes(attributes) > size) {
            attributes.put("cut", "the body had " + bytes(body) + " bytes; its end is missing");
            sent = SqsText.beginning(body, size - bytes(attributes));
        }
        String shown = sent;
        sqs.sendMessage(m -> m.queueUrl(queueUrl).messageBody(shown).messageAttributes(values(attributes)));
    }

    private static Map<String, MessageAttributeValue> values(Map<String, String> attributes) {
        Map<String, MessageAttributeValue> values = new LinkedHashMap<>();
        attributes.forEach((name, value) -> values.put(
                name,
                MessageAttributeValue.builder()
                        .dataType(TYPE)
                        .stringValue(value)
                        .build()));
        return values;
    }

    /** InvalidParameterValue in the JSON protocol; its words are "Message must be shorter than N bytes". */
    private static boolean isTooLong(SdkException error) {
        return AwsErrors.rawMessage(error).contains("must be shorter than");
    }

    /** An attribute's name, type and value count. */
    private static int bytes(Map<String, String> attributes) {
        return attributes.entrySet().stream()
                .mapToInt(entry -> bytes(entry.getKey()) + bytes(TYPE) + bytes(entry.getValue()))
                .sum();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
