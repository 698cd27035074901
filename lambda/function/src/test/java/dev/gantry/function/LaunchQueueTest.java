package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.GantryException;
import dev.gantry.launch.InstanceId;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LaunchQueueTest {
    private static final String COMMAND = "00000000-0000-4000-8000-000000000000";

    private final World world = new World();
    private final FakeMessages messages = new FakeMessages();
    private final LaunchQueue queue =
            new LaunchQueue(world.reconciler(), messages, world.journal, new Waiting(() -> 0.5));

    private static LaunchQueue.Message message(String id, String body) {
        return new LaunchQueue.Message(id, "receipt-" + id, body, "AIDAEVENTS", 1);
    }

    private String launching(InstanceId instance) {
        return """
                {"source": "aws.autoscaling", "detail-type": "EC2 Instance-launch Lifecycle Action", "time": "%s",
                 "detail": {"LifecycleActionToken": "token", "LifecycleHookName": "gantry", "EC2InstanceId": "%s",
                            "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING"}}
                """
                .formatted(world.clock.instant(), instance);
    }

    @Test
    void aLaunchWhoseAgentIsThereIsCommandedAndItsMessageIsDoneWith() {
        InstanceId instance = world.launch();
        world.online(instance);
        assertEquals(List.of(), queue.handle(List.of(message("1", launching(instance)))));
        assertEquals(1, world.commands.on(instance).size());
        assertEquals(Map.of(), messages.hidden);
    }

    @Test
    void aLaunchWhoseAgentIsNotThereKeepsItsMessageHiddenForFiveSeconds() {
        InstanceId instance = world.launch();
        assertEquals(List.of("1"), queue.handle(List.of(message("1", launching(instance)))));
        assertEquals(Map.of("receipt-1", Duration.ofSeconds(5)), messages.hidden);
    }

    @Test
    void aMessageThatCannotBeHiddenIsKeptAllTheSameAndComesBackByTheQueuesOwnTimeout() {
        InstanceId instance = world.launch();
        messages.error = Optional.of(new GantryException.Retryable("SQS is away", null));
        assertEquals(List.of("1"), queue.handle(List.of(message("1", launching(instance)))));
        assertEquals(1, world.journal.lines("visibility_not_changed").size());
    }

    @Test
    void aMessageThatCannotBeReadIsBuriedWithItsReasonAndItsNeighbourIsLookedAt() {
        InstanceId instance = world.launch();
        world.online(instance);
        assertEquals(List.of(), queue.handle(List.of(message("1", "no JSON"), message("2", launching(instance)))));
        assertEquals(Set.of("no JSON"), messages.buried.keySet());
        assertTrue(messages.buried.get("no JSON").contains("not JSON"));
        assertTrue(world.journal.lines("malformed").get(0).isPage());
        assertEquals(1, world.commands.on(instance).size());
    }

    @Test
    void aMessageThatCannotEvenBeBuriedIsKeptAndPaged() {
        messages.error = Optional.of(new GantryException.Retryable("SQS is away", null));
        assertEquals(List.of("1"), queue.handle(List.of(message("1", "no JSON"))));
        assertTrue(world.journal.lines("malformed").get(0).message().contains("nor put into the dead-letter queue"));
    }

    @Test
    void aTestNotificationIsAcknowledgedWithALine() {
        assertEquals(List.of(), queue.handle(List.of(message("1", "{\"Event\": \"autoscaling:TEST_NOTIFICATION\"}"))));
        assertEquals(
                "a hook's test notification",
                world.journal.lines("message_ignored").get(0).fields().get("why"));
    }

    @Test
    void anInstanceThatIsGoneIsAcknowledgedWithALineThatNamesIt() {
        InstanceId gone = new InstanceId("i-0aaaaaaaaaaaaaaaa");
        assertEquals(List.of(), queue.handle(List.of(message("1", launching(gone)))));
        assertEquals(
                gone.value(),
                world.journal.lines("message_ignored").get(0).fields().get("instance"));
    }

    @Test
    void theEndOfACommandThatCannotBeReadIsTriedAgain() {
        world.calls.failBefore("commands.progress", new GantryException.Retryable("Rate exceeded", null));
        String ended =
                """
                {"source": "aws.ssm", "detail-type": "EC2 Command Status-change Notification",
                 "detail": {"command-id": "%s", "status": "Success"}}
                """
                        .formatted(COMMAND);
        assertEquals(List.of("1"), queue.handle(List.of(message("1", ended))));
        assertEquals(
                COMMAND, world.journal.lines("command_not_read").get(0).fields().get("command"));
    }

    @Test
    void twoMessagesAboutTheSameInstanceAreOneLook() {
        InstanceId instance = world.launch();
        world.online(instance);
        queue.handle(List.of(message("1", launching(instance)), message("2", launching(instance))));
        assertEquals(1, world.calls.count("groups.describe"));
        assertEquals(1, world.commands.on(instance).size());
    }
}
