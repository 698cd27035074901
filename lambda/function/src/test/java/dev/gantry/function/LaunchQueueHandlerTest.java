package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.twin.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchQueueHandlerTest {
    private final World world = new World();
    private final FakeMessages messages = new FakeMessages();
    private final LaunchQueueHandler handler =
            new LaunchQueueHandler(Wirings.of(world, messages).launchQueue());

    private SQSBatchResponse handle(SQSMessage... records) {
        SQSEvent event = new SQSEvent();
        event.setRecords(List.of(records));
        return handler.handleRequest(event, FakeContext.of(":live"));
    }

    private static SQSMessage message(String id, String body, Map<String, String> attributes) {
        SQSMessage message = new SQSMessage();
        message.setMessageId(id);
        message.setReceiptHandle("receipt-" + id);
        message.setBody(body);
        message.setAttributes(attributes);
        return message;
    }

    private static String announcement(InstanceId instance) {
        return """
                {"source": "gantry", "detail-type": "Instance Announcement", "detail": {"EC2InstanceId": "%s"}}
                """
                .formatted(instance);
    }

    private static List<String> kept(SQSBatchResponse response) {
        return response.getBatchItemFailures().stream()
                .map(BatchItemFailure::getItemIdentifier)
                .toList();
    }

    @Test
    void namesTheMessagesThatSqsHasToKeepAndHidesThemByTheirReceiptHandle() {
        InstanceId ready = world.launch();
        InstanceId early = world.launch();
        world.online(ready);

        SQSBatchResponse response =
                handle(message("1", announcement(ready), Map.of()), message("2", announcement(early), Map.of()));

        assertEquals(1, world.commands.on(ready).size());
        assertEquals(List.of("2"), kept(response));
        assertEquals(List.of("receipt-2"), List.copyOf(messages.hidden.keySet()));
    }

    @Test
    void takesTheSenderFromTheMessagesAttributes() {
        InstanceId instance = world.launch();

        handle(message("1", announcement(instance), Map.of("SenderId", "AROAEXAMPLEID:i-0aaaaaaaaaaaaaaaa")));

        assertTrue(messages.buried.values().iterator().next().contains("announced another one"));
    }

    @Test
    void stopsWaitingForAnAnnouncedInstanceAfterThreeLooks() {
        InstanceId early = world.launch();

        assertEquals(List.of("1"), kept(handle(looked("1", early, "2"))));
        assertEquals(List.of(), kept(handle(looked("1", early, "3"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "many", "-1", "99999999999"})
    void aCountThatIsNoNumberIsTheFirstLook(String receives) {
        InstanceId early = world.launch();
        assertEquals(List.of("1"), kept(handle(looked("1", early, receives))));
    }

    private static SQSMessage looked(String id, InstanceId instance, String receives) {
        return message(id, announcement(instance), Map.of("ApproximateReceiveCount", receives));
    }
}
