package dev.gantry.aws;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Puts a message that cannot be read where somebody looks at it, with the reason as an attribute. */
public final class SqsDeadLetters {
    private final SqsClient sqs;

    public SqsDeadLetters(SqsClient sqs) {
        this.sqs = sqs;
    }

    /**
     * Sends the body as it was, with a message attribute {@code why}.
     *
     * @throws dev.gantry.launch.GantryException where SQS does not take it
     */
    public void send(String queueUrl, String body, String why) {
        MessageAttributeValue reason = MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(why)
                .build();
        try {
            sqs.sendMessage(
                    m -> m.queueUrl(queueUrl).messageBody(body).messageAttributes(java.util.Map.of("why", reason)));
        } catch (SdkException e) {
            throw AwsErrors.classify("SendMessage to the dead-letter queue " + queueUrl, e);
        }
    }
}
