package dev.gantry.aws.sqs;

import dev.gantry.aws.AwsErrors;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Moves the messages of a dead-letter queue back to where they are worked off.
 *
 * <p>The destination is named: without it SQS moves each message to the queue that it came from, and a message that Gantry
 * itself put aside came from none (API_StartMessageMoveTask, DestinationArn). SQS moves at its own pace, and one task of a queue
 * at a time.
 */
public final class SqsRedrive {
    private final SqsClient sqs;

    public SqsRedrive(SqsClient sqs) {
        this.sqs = sqs;
    }

    /**
     * Begins to move them.
     *
     * @return about how many there are; 0 where there was nothing to begin
     * @throws dev.gantry.launch.error.GantryException where SQS refuses it, as it does while it moves them already
     */
    public int begin(String deadLetterUrl, String queueUrl) {
        try {
            Map<QueueAttributeName, String> known = sqs.getQueueAttributes(request -> request.queueUrl(deadLetterUrl)
                            .attributeNames(
                                    QueueAttributeName.QUEUE_ARN, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                    .attributes();
            int messages = Integer.parseInt(known.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
            String source = known.get(QueueAttributeName.QUEUE_ARN);
            if (messages > 0) {
                sqs.startMessageMoveTask(
                        request -> request.sourceArn(source).destinationArn(neighbour(source, name(queueUrl))));
            }
            return messages;
        } catch (SdkException e) {
            throw AwsErrors.classify("StartMessageMoveTask of the dead-letter queue " + deadLetterUrl, e);
        }
    }

    private static String name(String queueUrl) {
        return queueUrl.substring(queueUrl.lastIndexOf('/') + 1);
    }

    /** The ARN of a queue of the same account and Region. */
    private static String neighbour(String arn, String name) {
        return arn.substring(0, arn.lastIndexOf(':') + 1) + name;
    }
}
