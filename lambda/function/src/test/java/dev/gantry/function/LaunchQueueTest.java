package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.DecisionTable;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.twin.RecordingJournal;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LaunchQueueTest {
    private static final String COMMAND = "00000000-0000-4000-8000-000000000000";

    private final World world = new World();
    private final FakeMessages messages = new FakeMessages();
    private final Set<String> marks = new TreeSet<>();
    private final LaunchQueue queue = container();

    /** Another execution environment; the marks are the bucket's. */
    private LaunchQueue container() {
        PageMarks shared = (key, window) -> marks.add(window + " " + key);
        return new LaunchQueue(
                world.reconciler(),
                messages,
                world.journal,
                new RevisitDelay(() -> 0.5),
                new PageLimit(shared, world.journal, world.clock));
    }

    private static LaunchQueue.Message from(String sender, String id, String body) {
        return new LaunchQueue.Message(id, "receipt-" + id, body, sender, 1);
    }

    private long pages(String type) {
        return world.journal.lines(type).stream()
                .filter(RecordingJournal.Line::isPage)
                .count();
    }

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
    void aMessageThatCannotBeHiddenIsKeptAnywayAndComesBackAfterTheQueuesOwnTimeout() {
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
        assertTrue(world.journal
                .lines("malformed")
                .get(0)
                .message()
                .contains("not all could be put into the dead-letter"));
    }

    @Test
    void tenThousandMessagesOfOneInstanceThatCannotBeReadAreOnePageAnHour() {
        String instance = "AROAEXAMPLEID:i-0123456789abcdef0";
        List<LaunchQueue> containers = List.of(container(), container(), container());
        for (int batch = 0; batch < 200; batch++) {
            List<LaunchQueue.Message> messages = new ArrayList<>();
            for (int n = 0; n < 50; n++) {
                messages.add(from(instance, batch + "-" + n, "{\"detail\": {\"EC2InstanceId\": \"i-0" + n + "\"}}"));
            }
            assertEquals(List.of(), containers.get(batch % 3).handle(messages));
        }
        assertEquals(1, pages("malformed"));
        assertEquals(
                10_000,
                world.journal.lines("malformed").stream()
                        .mapToInt(line -> (int) line.fields().get("count"))
                        .sum());

        world.clock.pass(PageLimit.WINDOW);
        containers.get(0).handle(List.of(from(instance, "later", "{}")));
        assertEquals(2, pages("malformed"));
        String second = world.journal.pages().get(1).message();
        assertTrue(second.contains("and 3300 more since the last page"), second);
    }

    @Test
    void anotherSenderAndAnotherKindHaveAPageOfTheirOwn() {
        queue.handle(List.of(from("AIDAEVENTS", "1", "no JSON"), from("AIDAEVENTS", "2", "no JSON either")));
        queue.handle(List.of(from("AIDAEVENTS", "3", "[]"), from("AIDAOTHER", "4", "no JSON")));
        assertEquals(3, pages("malformed"));
        assertEquals(2, world.journal.pages().get(0).fields().get("count"));
    }

    @Test
    void aSenderWithNewNamesGetsNoPageForEachName() {
        for (int n = 0; n < 1_000; n++) {
            queue.handle(List.of(from("AROAEXAMPLEID:session-" + n, "m" + n, "no JSON")));
        }
        assertEquals(PageLimit.SENDERS + 1, pages("malformed"));
    }

    @Test
    void aPageQuotesTheSenderInMarkedFieldsOnlyAndCutsItsText() {
        queue.handle(List.of(message("1", "Call 555-0100 now! ".repeat(1_000))));
        RecordingJournal.Line page = world.journal.pages().get(0);
        assertFalse(page.message().contains("555"), page.message());
        assertEquals(200, String.valueOf(page.fields().get("foreign_text")).length());
        assertFalse(page.fields().containsKey("body"));
    }

    @Test
    void ifTheMarkCannotBeWrittenThePageIsSentAnyway() {
        PageMarks away = (key, window) -> {
            throw new GantryException.Retryable("S3 is away", null);
        };
        LaunchQueue alone = new LaunchQueue(
                world.reconciler(),
                messages,
                world.journal,
                new RevisitDelay(() -> 0.5),
                new PageLimit(away, world.journal, world.clock));
        alone.handle(List.of(message("1", "no JSON")));
        alone.handle(List.of(message("2", "no JSON")));
        assertEquals(1, pages("malformed"));
        assertEquals(1, world.journal.lines("page_mark_not_written").size());
    }

    @Test
    void aMessageThatCannotBeBuriedIsPagedOnceAnHourHoweverOftenItComesBack() {
        messages.error = Optional.of(new GantryException.Misconfigured("it is too long"));
        for (int receives = 0; receives < 960; receives++) {
            assertEquals(List.of("1"), queue.handle(List.of(message("1", "no JSON"))));
        }
        assertEquals(1, pages("malformed"));
    }

    @Test
    void aDefectThatOneMessageTriggersConcernsOnlyThisMessage() {
        InstanceId instance = world.launch();
        InstanceId other = world.launch();
        world.online(other);
        messages.defects.add("receipt-1");
        assertEquals(
                List.of("1"), queue.handle(List.of(message("1", launching(instance)), message("2", launching(other)))));
        assertEquals(1, world.commands.on(other).size());
        assertEquals(1, pages("defect"));
        String page = world.journal.lines("defect").get(0).message();
        assertTrue(page.startsWith("a defect in Gantry keeps it from a message, which comes back: "), page);
    }

    @Test
    void aMessageThatIsNestedTooDeeplyIsBuriedAndItsNeighbourIsLookedAt() {
        InstanceId instance = world.launch();
        world.online(instance);
        assertEquals(
                List.of(),
                queue.handle(List.of(
                        message("1", "[".repeat(1_006)),
                        message("2", "{\"time\":" + "9".repeat(1_006) + "}"),
                        message("3", launching(instance)))));
        assertEquals(2, messages.buried.size());
        assertEquals(1, world.commands.on(instance).size());
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
        assertEquals(List.of("1"), queue.handle(List.of(message("1", ended(COMMAND, "Success")))));
        assertEquals(
                COMMAND, world.journal.lines("command_not_read").get(0).fields().get("command"));
    }

    @Test
    void eachBatchLeavesALineWithItsMessagesAndDecisions() {
        InstanceId instance = world.launch();

        queue.handle(List.of(message("1", launching(instance)), message("2", "{}")));

        assertEquals(
                Map.of("messages", 2, "kept", 1, "decisions", Map.of("Wait:AGENT", 1)),
                world.journal.lines("queue_looked").get(0).fields());
    }

    @Test
    void thePageOfUnreadableMessagesNamesThemWithTheReasonAndNoErrorIfAllAreBuried() {
        queue.handle(List.of(message("1", "no JSON"), message("2", "no JSON either")));

        RecordingJournal.Line page = world.journal.pages().get(0);
        assertEquals(List.of("1", "2"), page.fields().get("messages"));
        assertEquals("NOT_JSON", page.fields().get("kind"));
        assertFalse(page.fields().containsKey("error"), page.fields().toString());
        assertTrue(
                page.message()
                        .startsWith("2 message(s) of the launch queue from AIDAEVENTS cannot be read (NOT_JSON);"
                                + " they are in the dead-letter queue with the reason."),
                page.message());
    }

    @Test
    void aMessageWithoutASenderIsFromAnUnknownOne() {
        queue.handle(List.of(from("", "1", "no JSON")));
        String page = world.journal.pages().get(0).message();
        assertTrue(page.startsWith("1 message(s) of the launch queue from an unknown sender cannot be read"), page);
    }

    @Test
    void whyAMessageCannotBeBuriedIsInThePage() {
        messages.error = Optional.of(new GantryException.Misconfigured("the dead-letter queue is gone"));
        queue.handle(List.of(message("1", "no JSON")));
        RecordingJournal.Line page = world.journal.pages().get(0);
        assertEquals("the dead-letter queue is gone", page.fields().get("error"));
        assertTrue(
                page.message().contains("not all could be put into the dead-letter queue: the dead-letter queue is"));
    }

    @Test
    void aDefectThatShowsAgainIsALineAndNoPage() {
        InstanceId instance = world.launch();
        messages.defects.add("receipt-1");
        queue.handle(List.of(message("1", launching(instance))));
        queue.handle(List.of(message("1", launching(instance))));

        assertEquals(1, pages("defect"));
        assertEquals(2, world.journal.lines("defect").size());
        RecordingJournal.Line again = world.journal.lines("defect").get(1);
        assertEquals(List.of("1"), again.fields().get("messages"));
    }

    @Test
    void aDefectInReportingUnreadableMessagesDoesNotPreventOtherLooks() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.calls.failBefore("journal.page", new IllegalStateException("an unexpected error"));

        assertEquals(List.of(), queue.handle(List.of(message("1", "no JSON"), message("2", launching(instance)))));

        assertEquals(Set.of("no JSON"), messages.buried.keySet());
        assertEquals(1, world.commands.on(instance).size());
        assertEquals(1, pages("defect"));
        assertEquals(List.of("1"), world.journal.lines("defect").get(0).fields().get("messages"));
    }

    /** A message that is in the dead-letter queue already must not come back with the others. */
    @Test
    void aLookThatFailsAsAWholeKeepsItsOwnMessagesAloneAndIsPaged() {
        queue.handle(List.of(message("0", "no JSON")));
        world.calls.failBefore("groups.describe", new IllegalStateException("an unexpected error"));
        world.calls.failBefore("journal.page", new IllegalStateException("nor this"));

        assertEquals(
                List.of("2", "3"),
                queue.handle(List.of(
                        message("1", "no JSON"),
                        message("2", launching(world.launch())),
                        message("3", launching(world.launch())))));

        RecordingJournal.Line page = world.journal.lines("defect").get(0);
        assertTrue(page.isPage());
        assertTrue(
                page.message().startsWith("a defect in Gantry keeps it from messages, which come back: "),
                page.message());
        assertEquals(List.of("2", "3"), page.fields().get("messages"));
    }

    @Test
    void aDefectThatItsPageTriggersTooKeepsTheMessagesAndAnswersTheBatch() {
        world.calls.failBefore("groups.describe", new IllegalStateException("an unexpected error"));
        world.calls.failBefore("journal.page", new IllegalStateException("nor this"));

        assertEquals(
                List.of("1", "2"),
                queue.handle(
                        List.of(message("1", launching(world.launch())), message("2", ended(COMMAND, "Success")))));
    }

    @Test
    void aDefectInReadingACommandKeepsItsMessageAndIsPaged() {
        world.calls.failBefore("commands.progress", new IllegalStateException("an unexpected error"));

        assertEquals(List.of("1"), queue.handle(List.of(message("1", ended(COMMAND, "Success")))));

        assertEquals(1, pages("defect"));
        assertTrue(String.valueOf(
                        world.journal.lines("command_not_read").get(0).fields().get("error"))
                .startsWith("a defect in Gantry: "));
    }

    private static String ended(String command, String status) {
        return """
                {"source": "aws.ssm", "detail-type": "EC2 Command Status-change Notification",
                 "detail": {"command-id": "%s", "status": "%s"}}
                """
                .formatted(command, status);
    }

    @Test
    void theEndOfACommandWaitsAsLongAsTheMostUrgentOfItsInstancesNeeds() {
        InstanceId failed = world.launch();
        InstanceId strange = world.launch();
        world.online(failed);
        world.online(strange);
        queue.handle(List.of(message("1", launching(failed)), message("2", launching(strange))));
        world.fail(failed);
        world.groups.put(strange, World.WEB, "Pending:Unheard");
        String command = world.commands.on(failed).get(0).id();

        assertEquals(List.of("3"), queue.handle(List.of(message("3", ended(command, "Failed")))));

        assertTrue(Policy.DEFAULT.backoff().compareTo(DecisionTable.AGENT_LOOK) > 0);
        assertEquals(Map.of("receipt-3", DecisionTable.AGENT_LOOK), messages.hidden);
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
