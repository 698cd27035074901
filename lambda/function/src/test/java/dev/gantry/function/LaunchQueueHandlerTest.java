package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.twin.World;
import dev.gantry.stored.Json;
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

    private List<String> handle(JsonNode... records) {
        String event = Json.text(Map.of("Records", List.of(records)));
        return Invoked.with(handler, event, FakeContext.of(":live"))
                .path("batchItemFailures")
                .findValuesAsText("itemIdentifier");
    }

    private static JsonNode message(String id, String body, Map<String, String> attributes) {
        return Invoked.payload(
                Map.of("messageId", id, "receiptHandle", "receipt-" + id, "body", body, "attributes", attributes));
    }

    private static String announcement(InstanceId instance) {
        return """
                {"source": "gantry", "detail-type": "Instance Announcement", "detail": {"EC2InstanceId": "%s"}}
                """
                .formatted(instance);
    }

    @Test
    void namesTheMessagesThatSqsMustKeepAndHidesThemByTheirReceiptHandle() {
        InstanceId ready = world.launch();
        InstanceId early = world.launch();
        world.online(ready);

        List<String> kept =
                handle(message("1", announcement(ready), Map.of()), message("2", announcement(early), Map.of()));

        assertEquals(1, world.commands.on(ready).size());
        assertEquals(List.of("2"), kept);
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

        assertEquals(List.of("1"), handle(looked("1", early, "2")));
        assertEquals(List.of(), handle(looked("1", early, "3")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "many", "-1", "99999999999"})
    void aCountThatIsNoNumberIsTheFirstLook(String receives) {
        InstanceId early = world.launch();
        assertEquals(List.of("1"), handle(looked("1", early, receives)));
    }

    private static JsonNode looked(String id, InstanceId instance, String receives) {
        return message(id, announcement(instance), Map.of("ApproximateReceiveCount", receives));
    }

    @Test
    void anEventWithoutRecordsFailsTheInvocation() {
        assertThrows(IllegalArgumentException.class, () -> Invoked.with(handler, "{}", FakeContext.of(":live")));
    }
}
