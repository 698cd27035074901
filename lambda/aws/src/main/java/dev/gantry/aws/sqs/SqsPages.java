package dev.gantry.aws.sqs;

import dev.gantry.aws.AwsErrors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Sends pages to the pager queue; a pipe takes them from there to people. */
public final class SqsPages {
    private final SqsClient sqs;
    private final String queueUrl;

    public SqsPages(SqsClient sqs, String queueUrl) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
    }

    /**
     * Sends one page; SQS has stored it when this returns. A page may quote foreign text, so characters that SQS refuses are
     * replaced.
     *
     * @param page a JSON object of at most 256 KiB, which is what SNS takes at the other end (API_Publish)
     * @throws dev.gantry.launch.error.GantryException if SQS refuses it
     */
    public void send(String page) {
        String body = SqsText.allowed(page);
        try {
            sqs.sendMessage(message -> message.queueUrl(queueUrl).messageBody(body));
        } catch (SdkException e) {
            throw AwsErrors.classify("SendMessage to the pager queue " + queueUrl, e);
        }
    }
}
