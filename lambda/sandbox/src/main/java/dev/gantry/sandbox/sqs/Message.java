package dev.gantry.sandbox.sqs;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A message as a receiver gets it.
 *
 * @param receiptHandle of this receive; an earlier one's stops counting
 * @param sender the access key's user id that sent it
 * @param receiveCount including this receive
 * @param sourceArn of the queue that it was moved to a dead-letter queue from
 */
public record Message(
        String id,
        String receiptHandle,
        String body,
        Map<String, MessageAttribute> attributes,
        String sender,
        Instant sentAt,
        Instant firstReceivedAt,
        int receiveCount,
        Optional<String> sourceArn) {

    public String md5OfBody() {
        return Md5.hex(body);
    }
}
