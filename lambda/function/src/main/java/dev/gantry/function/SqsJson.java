package dev.gantry.function;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.stored.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A queue's event and its answer in their JSON forms: docs.aws.amazon.com/lambda/latest/dg/with-sqs.html, and
 * services-sqs-errorhandling.html there. The runtime could read and write them too, but its reader costs a cold function eight
 * hundred classes.
 */
final class SqsJson {
    private SqsJson() {}

    static SQSEvent read(byte[] bytes) throws JsonProcessingException {
        JsonNode records = Json.foreign(bytes).path("Records");
        if (!records.isArray()) {
            throw new IllegalArgumentException("field Records is missing or not a list: this is no event of a queue");
        }
        List<SQSMessage> messages = new ArrayList<>();
        records.forEach(record -> messages.add(message(record)));
        SQSEvent event = new SQSEvent();
        event.setRecords(messages);
        return event;
    }

    private static SQSMessage message(JsonNode record) {
        Map<String, String> attributes = new LinkedHashMap<>();
        record.path("attributes")
                .properties()
                .forEach(
                        entry -> attributes.put(entry.getKey(), entry.getValue().asText()));
        SQSMessage message = new SQSMessage();
        message.setMessageId(record.path("messageId").asText());
        message.setReceiptHandle(record.path("receiptHandle").asText());
        message.setBody(record.path("body").asText());
        message.setAttributes(attributes);
        return message;
    }

    static byte[] write(SQSBatchResponse answer) {
        List<Map<String, String>> failures = answer.getBatchItemFailures().stream()
                .map(failure -> Map.of("itemIdentifier", failure.getItemIdentifier()))
                .toList();
        return Json.text(Map.of("batchItemFailures", failures)).getBytes(StandardCharsets.UTF_8);
    }
}
