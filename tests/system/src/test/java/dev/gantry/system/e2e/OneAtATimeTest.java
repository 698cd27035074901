package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.sandbox.events.Delivery;
import dev.gantry.sandbox.wire.Journal.Entry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingInstanceDetails;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Tests that need to run alone: counts, orders, batches, and which of two comes first. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneAtATimeTest {
    private Deployment gantry;

    @BeforeAll
    void deploy() throws IOException {
        gantry = Deployment.withoutSweeps();
    }

    @AfterAll
    void close() {
        gantry.close();
    }

    @Test
    void twoInstancesThatWaitTogetherShareOneCommand() {
        Fleet fleet = Fleet.ready(gantry, "two");
        fleet.desire(2);
        fleet.awaitInService(2);
        Set<String> commands = new TreeSet<>();
        fleet.members()
                .forEach(member -> fleet.commands(member.instanceId()).forEach(run -> commands.add(run.commandId())));
        assertEquals(1, commands.size(), commands.toString());
    }

    @Test
    void fiftyLaunchesCostTwoCallsEachAtMost() {
        Fleet fleet = Fleet.ready(gantry, "fifty");
        int mark = gantry.calls.mark();
        fleet.desire(50);
        fleet.awaitInService(50);
        gantry.awaitEmptyQueue();
        List<Entry> calls = gantry.calls.ofFunctions(
                mark, call -> call.service().equals("ssm") || call.service().equals("autoscaling"));
        Map<String, Long> counts =
                calls.stream().collect(Collectors.groupingBy(Entry::operation, TreeMap::new, Collectors.counting()));
        assertTrue(calls.size() <= 100, calls.size() + " calls for 50 launches: " + counts);
        for (AutoScalingInstanceDetails member : fleet.members()) {
            assertEquals(1, fleet.commands(member.instanceId()).size());
        }
    }

    @Test
    void aPlaybookThatKeepsFailingIsTriedAgainThenTheInstanceIsAbandonedWithItsTaskAndReplaced() {
        gantry.playbooks.play("failing", (isFirst, nth) -> isFirst ? Playbooks.failure() : Playbooks.success());
        Fleet fleet = Fleet.ready(gantry, "failing");
        int mark = gantry.calls.mark();
        String broken = fleet.launchOne();
        JsonNode page = gantry.logs.await("abandoned", broken);
        Await.until("another instance in the place of " + broken, () -> fleet.members().stream()
                .anyMatch(member -> !member.instanceId().equals(broken)));

        JsonNode stay = fleet.closed(broken);
        JsonNode failure = stay.path("closing").path("failure");
        assertEquals("abandoned", stay.path("closing").path("kind").asText());
        assertEquals(2, stay.path("attempts").size());
        assertEquals(Playbooks.TASK, failure.path("task").asText());
        assertTrue(failure.path("message").asText().contains(Playbooks.MESSAGE), failure.toString());

        String sha256 = stay.path("attempts").path(0).path("bundle").asText();
        JsonNode kept =
                Deployment.parse(fleet.object("failures/" + fleet.name() + "/" + sha256 + "/" + broken + "-1.json")
                        .orElseThrow());
        assertEquals(Playbooks.TASK, kept.path("task").asText());

        assertTrue(page.path("page").asBoolean(), page.toString());
        assertTrue(page.path("text").asText().contains(Playbooks.MESSAGE), page.toString());
        assertEquals(Playbooks.TASK, page.path("task").asText());
        Entry completion =
                gantry.calls.ofFunctions(mark, "CompleteLifecycleAction").get(0);
        Instant paged = Instant.parse(page.path("time").asText());
        assertFalse(paged.isAfter(completion.time()), "paged " + paged + ", completed " + completion.time());
    }

    /** Both have read the ledger before either writes to it: the writes wait for one another. */
    @Test
    void onlyOneOfTwoFunctionsThatLookAtTheSameInstanceAtOnceSendsTheCommand() {
        gantry.deliveries.deliver("raced", Delivery.LOST);
        Fleet fleet = Fleet.ready(gantry, "raced");
        // Both have started, so that neither waits for the other longer than for an answer.
        gantry.sweep();
        gantry.look("i-00000000000000000");
        String instance = fleet.launchOne();
        gantry.awaitAgent(instance);
        int mark = gantry.calls.mark();
        gantry.hazards.gatherWrites(instance, 2);
        CompletableFuture<JsonNode> swept = CompletableFuture.supplyAsync(gantry::sweep);
        CompletableFuture<JsonNode> looked = CompletableFuture.supplyAsync(() -> gantry.look(instance));
        CompletableFuture.allOf(swept, looked).join();
        assertEquals(
                List.of("PreconditionFailed"),
                gantry.calls.ofFunctions(mark, "PutObject").stream()
                        .map(Entry::error)
                        .filter(error -> !error.isEmpty())
                        .toList());
        fleet.sweepUntilInService(instance);
        assertEquals(1, gantry.calls.ofFunctions(mark, "SendCommand").size());
        assertEquals(1, fleet.commands(instance).size());
    }

    @Test
    void aBadMessageDoesNotAffectTheOthersInItsBatch() {
        gantry.awaitEmptyQueue();
        gantry.deliveries.loseLaunches("neighbour");
        Fleet fleet = Fleet.ready(gantry, "neighbour");
        String instance = fleet.launchOne();
        String good = Await.until("the launch event", () -> gantry.deliveries.of("neighbour").stream()
                .findFirst());
        List<String> malformed = List.of(
                "no JSON at all",
                good.replace("\"" + instance + "\"", "7"),
                good.replace(instance, "i-xyz"),
                "{\"source\": \"aws.ssm\", \"detail-type\": \"EC2 Command Invocation Status-change Notification\","
                        + " \"detail\": \"text\"}");
        List<String> batch = new ArrayList<>(malformed);
        batch.add(good);
        batch.add(good.replace("EC2 Instance-launch Lifecycle Action", "EC2 Instance Was Painted"));
        batch.add(good.replace(instance, "i-00000000000000000"));
        batch.add("{\"Event\": \"autoscaling:TEST_NOTIFICATION\", \"AutoScalingGroupName\": \"neighbour\"}");
        int before = batchesOf(batch.size());
        sendTogether(batch);
        fleet.awaitInService(instance);
        gantry.awaitEmptyQueue();

        Await.until("all in one batch", () -> batchesOf(batch.size()) > before);
        Map<String, String> buried = deadLetters(malformed.size());
        assertEquals(new HashSet<>(malformed), buried.keySet());
        assertTrue(buried.get(malformed.get(0)).contains("not JSON"), buried.toString());
        assertTrue(buried.get(malformed.get(1)).contains("detail.EC2InstanceId"), buried.toString());
        assertTrue(buried.get(malformed.get(2)).contains("'i-xyz'"), buried.toString());
        assertTrue(buried.get(malformed.get(3)).contains("detail is missing"), buried.toString());
        gantry.logs.await("malformed", "\"NOT_JSON\"");
        gantry.logs.await("malformed", "\"WRONG_FIELD\"");
        gantry.logs.await("message_ignored", "EC2 Instance Was Painted");
        gantry.logs.await("message_ignored", "a hook's test notification");
        gantry.logs.await("message_ignored", "i-00000000000000000");
    }

    /** The number of batches with at least this many messages. */
    private int batchesOf(int messages) {
        return gantry.logs
                .of("queue_looked", line -> line.path("messages").asInt() >= messages)
                .size();
    }

    private void sendTogether(List<String> bodies) {
        List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
        for (String body : bodies) {
            entries.add(SendMessageBatchRequestEntry.builder()
                    .id("m" + entries.size())
                    .messageBody(body)
                    .build());
        }
        gantry.sqs.sendMessageBatch(
                request -> request.queueUrl(gantry.queueUrl(ExampleFleet.QUEUE)).entries(entries));
    }

    /** The bodies in the dead-letter queue, each with its reason. */
    private Map<String, String> deadLetters(int count) {
        Map<String, String> found = new TreeMap<>();
        String url = gantry.queueUrl(ExampleFleet.DEAD_LETTERS);
        Await.until(count + " dead letters", () -> {
            for (Message message : gantry.sqs
                    .receiveMessage(request ->
                            request.queueUrl(url).maxNumberOfMessages(10).messageAttributeNames("why"))
                    .messages()) {
                found.put(message.body(), message.messageAttributes().get("why").stringValue());
            }
            return found.size() >= count;
        });
        return found;
    }
}
