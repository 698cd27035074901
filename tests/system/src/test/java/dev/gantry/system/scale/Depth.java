package dev.gantry.system.scale;

import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The largest number of messages that a queue had at any sample, visible, hidden or delayed. */
final class Depth {
    private final SqsClient sqs;
    private final String url;
    private int deepest;

    Depth(SqsClient sqs, String queue) {
        this.sqs = sqs;
        this.url = sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
    }

    void look() {
        int messages = sqs
                .getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                .attributes()
                .entrySet()
                .stream()
                .filter(attribute -> attribute.getKey().toString().startsWith("ApproximateNumberOfMessages"))
                .mapToInt(attribute -> Integer.parseInt(attribute.getValue()))
                .sum();
        deepest = Math.max(deepest, messages);
    }

    int deepest() {
        return deepest;
    }
}
