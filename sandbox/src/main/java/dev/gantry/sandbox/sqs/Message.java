package dev.gantry.sandbox.sqs;

import java.time.Instant;
import java.util.LinkedHashMap;
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

    /** Empty where the sender put no attribute on it. */
    public Optional<String> md5OfAttributes() {
        return attributes.isEmpty() ? Optional.empty() : Optional.of(Md5.hex(attributes));
    }

    /** The attributes that SQS gives every message, for example ApproximateReceiveCount. */
    public Map<String, String> systemAttributes() {
        Map<String, String> system = new LinkedHashMap<>();
        system.put("ApproximateReceiveCount", String.valueOf(receiveCount));
        system.put("SentTimestamp", String.valueOf(sentAt.toEpochMilli()));
        system.put("SenderId", sender);
        system.put("ApproximateFirstReceiveTimestamp", String.valueOf(firstReceivedAt.toEpochMilli()));
        sourceArn.ifPresent(arn -> system.put("DeadLetterQueueSourceArn", arn));
        return system;
    }
}
