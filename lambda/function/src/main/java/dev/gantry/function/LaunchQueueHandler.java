package dev.gantry.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.stored.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The launch queue's function: signals in, looks done, and of the messages those kept that have to be looked at again.
 *
 * <p>It reads the event itself, because the runtime's own reader of events costs a cold function eight hundred classes. Their form:
 * docs.aws.amazon.com/lambda/latest/dg/with-sqs.html; that of the answer: services-sqs-errorhandling.html there.
 */
public final class LaunchQueueHandler implements RequestStreamHandler {
    private final LaunchQueue queue;
    private final InstantSource clock = InstantSource.system();

    /** Called by Lambda. */
    public LaunchQueueHandler() {
        this(Wiring.fromEnvironment().launchQueue());
    }

    LaunchQueueHandler(LaunchQueue queue) {
        this.queue = queue;
    }

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        List<String> kept = queue.handle(
                messages(Json.foreign(event.readAllBytes())),
                TimeLeft.until(clock.instant(), context.getRemainingTimeInMillis()));
        List<Map<String, String>> failures =
                kept.stream().map(id -> Map.of("itemIdentifier", id)).toList();
        answer.write(Json.text(Map.of("batchItemFailures", failures)).getBytes(StandardCharsets.UTF_8));
    }

    private static List<LaunchQueue.Message> messages(JsonNode event) {
        JsonNode records = event.path("Records");
        if (!records.isArray()) {
            throw new IllegalArgumentException("field Records is missing or not a list: this is no event of a queue");
        }
        List<LaunchQueue.Message> messages = new ArrayList<>();
        records.forEach(record -> messages.add(message(record)));
        return messages;
    }

    private static LaunchQueue.Message message(JsonNode record) {
        JsonNode attributes = record.path("attributes");
        return new LaunchQueue.Message(
                record.path("messageId").asText(),
                record.path("receiptHandle").asText(),
                record.path("body").asText(),
                attributes.path("SenderId").asText(),
                receives(attributes.path("ApproximateReceiveCount").asText()));
    }

    /** A value that is not a number counts as the first receive: it must not fail the whole batch. */
    private static int receives(String count) {
        return count.matches("[0-9]{1,9}") ? Integer.parseInt(count) : 1;
    }
}
