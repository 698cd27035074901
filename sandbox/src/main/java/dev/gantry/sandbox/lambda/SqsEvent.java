package dev.gantry.sandbox.lambda;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.sqs.Message;
import dev.gantry.sandbox.sqs.Queue;
import java.util.List;

/** The event that a function gets from a queue. Source: developer guide, "Using Lambda with Amazon SQS", the example. */
final class SqsEvent {
    private SqsEvent() {}

    static String of(List<Message> batch, Queue queue, String region) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        ArrayNode records = event.putArray("Records");
        for (Message message : batch) {
            ObjectNode record = records.addObject();
            record.put("messageId", message.id());
            record.put("receiptHandle", message.receiptHandle());
            record.put("body", message.body());
            ObjectNode attributes = record.putObject("attributes");
            message.systemAttributes().forEach(attributes::put);
            ObjectNode own = record.putObject("messageAttributes");
            message.attributes().forEach((name, attribute) -> {
                ObjectNode shown = own.putObject(name);
                shown.put(attribute.binary() ? "binaryValue" : "stringValue", attribute.value());
                shown.putArray("stringListValues");
                shown.putArray("binaryListValues");
                shown.put("dataType", attribute.dataType());
            });
            message.md5OfAttributes().ifPresent(md5 -> record.put("md5OfMessageAttributes", md5));
            record.put("md5OfBody", message.md5OfBody());
            record.put("eventSource", "aws:sqs");
            record.put("eventSourceARN", queue.arn());
            record.put("awsRegion", region);
        }
        return event.toString();
    }
}
