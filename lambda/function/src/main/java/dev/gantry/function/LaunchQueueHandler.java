package dev.gantry.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The launch queue's function: signals in, looks done, and of the messages those kept that have to be looked at again. */
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
        answer.write(SqsJson.write(handle(SqsJson.read(event.readAllBytes()), context)));
    }

    private SQSBatchResponse handle(SQSEvent event, Context context) {
        List<String> kept = queue.handle(
                event.getRecords().stream().map(LaunchQueueHandler::message).toList(),
                TimeLeft.until(clock.instant(), context.getRemainingTimeInMillis()));
        return new SQSBatchResponse(kept.stream().map(BatchItemFailure::new).toList());
    }

    private static LaunchQueue.Message message(SQSMessage message) {
        Map<String, String> attributes = message.getAttributes();
        return new LaunchQueue.Message(
                message.getMessageId(),
                message.getReceiptHandle(),
                message.getBody(),
                attributes.getOrDefault("SenderId", ""),
                receives(attributes.getOrDefault("ApproximateReceiveCount", "1")));
    }

    /** A value that is not a number counts as the first receive: it must not fail the whole batch. */
    private static int receives(String count) {
        return count.matches("[0-9]{1,9}") ? Integer.parseInt(count) : 1;
    }
}
