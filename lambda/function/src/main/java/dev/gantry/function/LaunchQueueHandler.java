package dev.gantry.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.time.InstantSource;

/** The launch queue's function: reads signals, looks, and returns the messages that have to be looked at again. */
public final class LaunchQueueHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {
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
    public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
        var kept = queue.handle(
                event.getRecords().stream().map(LaunchQueueHandler::message).toList(),
                TimeLeft.until(clock.instant(), context.getRemainingTimeInMillis()));
        return new SQSBatchResponse(kept.stream().map(BatchItemFailure::new).toList());
    }

    private static LaunchQueue.Message message(SQSMessage message) {
        var attributes = message.getAttributes();
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
