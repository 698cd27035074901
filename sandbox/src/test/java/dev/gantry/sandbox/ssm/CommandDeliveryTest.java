package dev.gantry.sandbox.ssm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.agent.AgentOptions;
import dev.gantry.sandbox.ec2.Ec2;
import dev.gantry.sandbox.ec2.Script;
import dev.gantry.sandbox.ec2.SimulatedFactory;
import dev.gantry.sandbox.testing.EventLog;
import dev.gantry.sandbox.testing.World;
import dev.gantry.sandbox.wire.AwsError;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The delivery of commands to simulated instances: states, counts, limits, events, and time. */
class CommandDeliveryTest {
    private static final SimulatedFactory.Times TIMES =
            new SimulatedFactory.Times(Duration.ofSeconds(2), Duration.ofSeconds(1));
    private static final String INVOCATION = "EC2 Command Invocation Status-change Notification";
    private static final Map<String, List<String>> LONG = Map.of("commands", List.of("take 60 s"));

    private World world;

    @BeforeEach
    void compose() throws IOException {
        world = world(World.OPTIONS.immediate());
    }

    private static World world(SsmOptions options) throws IOException {
        Script script = (id, spec, shell) -> {
            Duration minute = Duration.ofMinutes(1);
            return spec.tags().containsKey("fails")
                    ? Script.Outcome.failure(Duration.ofSeconds(1), "configure : start", "it does not start")
                    : Script.Outcome.success(minute);
        };
        AgentOptions agents = AgentOptions.standard("eu-central-1", Duration.ofSeconds(10));
        return new World(timers -> new SimulatedFactory(timers, TIMES, script), options, agents);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private List<String> details(String command) {
        return world.invocations(command).stream()
                .map(invocation -> invocation.path("StatusDetails").asText())
                .toList();
    }

    private static ObjectNode toTag(String tag, String maxConcurrency, String maxErrors) {
        ObjectNode input = Json.object().put("DocumentName", "AWS-RunShellScript");
        input.set("Parameters", Json.listMap(LONG));
        ObjectNode target = input.putArray("Targets").addObject().put("Key", "tag:" + tag);
        target.putArray("Values").add("yes");
        return input.put("MaxConcurrency", maxConcurrency).put("MaxErrors", maxErrors);
    }

    @Test
    void oneAbsentInstanceFailsTheWholeCallInTheWordsOfAws() {
        String id = world.launch();
        AwsError error =
                assertThrows(AwsError.class, () -> world.send("AWS-RunShellScript", LONG, id, "i-0123456789abcdef0"));
        assertEquals("InvalidInstanceId", error.code());
        assertEquals(
                "Instances [[i-0123456789abcdef0]] not in a valid state for account 111122223333", error.getMessage());
        assertEquals(
                0, world.call("ListCommands", Json.object()).path("Commands").size());
    }

    @Test
    void announcesInProgressAndSuccessWithTheShapeOfTheSamples() {
        String id = world.launch();
        String command = world.send("AWS-RunShellScript", LONG, id);
        world.timers.advance(Duration.ofMinutes(2));
        List<EventLog.Event> events = world.events.ofType(INVOCATION);
        assertEquals(
                List.of("InProgress", "Success"),
                events.stream()
                        .map(event -> event.detail().path("status").asText())
                        .toList());
        ObjectNode detail = events.get(1).detail();
        assertEquals(
                List.of("command-id", "document-name", "requested-date-time", "status", "instance-id"),
                new ArrayList<>(
                        detail.properties().stream().map(Map.Entry::getKey).toList()));
        assertEquals(command, detail.path("command-id").asText());
        assertEquals(
                List.of("arn:aws:ec2:eu-central-1:111122223333:instance/" + id),
                events.get(1).resources());
        List<EventLog.Event> whole = world.events.ofType("EC2 Command Status-change Notification");
        assertEquals(
                "take 60 s",
                whole.get(1)
                        .detail()
                        .path("parameters")
                        .path("commands")
                        .path(0)
                        .asText());
    }

    @Test
    void firstErrorEndsDeliveryIfMaxErrorsIsNotGiven() {
        for (int i = 0; i < 5; i++) {
            world.ec2.launch(new Ec2.LaunchSpec(Map.of("fails", "yes"), "t3.small", "eu-central-1a", ""));
        }
        world.timers.advance(Duration.ofSeconds(15));
        String command = world.send(toTag("fails", "1", "0"));
        world.timers.advance(Duration.ofMinutes(1));
        assertEquals(List.of("Failed", "Terminated", "Terminated", "Terminated", "Terminated"), details(command));
        assertEquals("Failed", world.command(command).path("Status").asText());
        assertEquals(1, world.command(command).path("ErrorCount").asInt());
    }

    @Test
    void allErrorsAreAllowedIfTheBatchSaysSo() {
        for (int i = 0; i < 5; i++) {
            world.ec2.launch(new Ec2.LaunchSpec(Map.of("fails", "yes"), "t3.small", "eu-central-1a", ""));
        }
        world.timers.advance(Duration.ofSeconds(15));
        String command = world.send(toTag("fails", "100%", "100%"));
        world.timers.advance(Duration.ofMinutes(1));
        assertEquals(5, world.command(command).path("ErrorCount").asInt());
        assertEquals("Failed", world.command(command).path("StatusDetails").asText());
    }

    @Test
    void deliveryRampsOneTwoFourUnderRateControl() throws IOException {
        try (World slow = world(World.OPTIONS)) {
            for (int i = 0; i < 8; i++) {
                slow.ec2.launch(new Ec2.LaunchSpec(Map.of("fleet", "yes"), "t3.small", "eu-central-1a", ""));
            }
            slow.timers.advance(Duration.ofSeconds(15));
            String command = slow.call("SendCommand", toTag("fleet", "100%", "100%"))
                    .path("Command")
                    .path("CommandId")
                    .asText();
            List<Long> delivered = new ArrayList<>();
            slow.timers.advance(Duration.ofMillis(350));
            for (int wave = 0; wave < 4; wave++) {
                delivered.add(slow.invocations(command).stream()
                        .filter(invocation -> invocation.path("Status").asText().equals("InProgress"))
                        .count());
                slow.timers.advance(World.OPTIONS.deliveryTime());
            }
            assertEquals(List.of(1L, 3L, 7L, 8L), delivered);
        }
    }

    @Test
    void rebootUnderACommandRunsItsStepAgain() {
        String id = world.launch();
        String command = world.send("AWS-RunShellScript", LONG, id);
        world.timers.advance(Duration.ofSeconds(40));
        world.ec2.machine(id).orElseThrow().reboot();
        world.timers.advance(Duration.ofSeconds(40));
        assertEquals(List.of("InProgress"), details(command));
        world.timers.advance(Duration.ofSeconds(40));
        assertEquals(List.of("Success"), details(command));
    }

    @Test
    void noInstanceWithTheTagIsASuccessOfItsOwnKind() {
        String command = world.send(toTag("nobody", "50", "0"));
        assertEquals(
                "NoInstancesInTag", world.command(command).path("StatusDetails").asText());
    }

    @Test
    void stoppedInstanceTakesTheCommandWhenItIsBack() {
        String id = world.launch();
        world.ec2.stop(id);
        world.timers.advance(Duration.ofSeconds(5));
        String command = world.send("AWS-RunShellScript", LONG, id);
        assertEquals(List.of("Delayed"), details(command));
        world.ec2.start(id);
        world.timers.advance(Duration.ofSeconds(30));
        assertEquals(List.of("InProgress"), details(command));
    }

    @Test
    void deliveryTimesOutOnAnInstanceThatStaysAway() {
        String id = world.launch();
        world.ec2.stop(id);
        ObjectNode input =
                Json.object().put("DocumentName", "AWS-RunShellScript").put("TimeoutSeconds", 30);
        input.set("Parameters", Json.listMap(LONG));
        input.putArray("InstanceIds").add(id);
        String command = world.send(input);
        world.timers.advance(Duration.ofSeconds(30));
        assertEquals(List.of("DeliveryTimedOut"), details(command));
        assertEquals("TimedOut", world.command(command).path("Status").asText());
        assertEquals(0, world.command(command).path("ErrorCount").asInt());
    }

    @Test
    void commandForAnInstanceThatIsGoneBeforeDeliveryIsUndeliverable() {
        String id = world.launch();
        world.ec2.stop(id);
        String command = world.send("AWS-RunShellScript", LONG, id);
        world.ec2.terminate(id);
        world.timers.advance(Duration.ofSeconds(10));
        assertEquals(List.of("Undeliverable"), details(command));
        assertThrows(AwsError.class, () -> world.send("AWS-RunShellScript", LONG, id));
    }

    @Test
    void instanceThatDiesUnderACommandLeavesItInProgressUntilItExpires() {
        String id = world.launch();
        String command = world.send("AWS-RunShellScript", LONG, id);
        world.ec2.terminate(id);
        world.timers.advance(Duration.ofMinutes(5));
        assertEquals(List.of("InProgress"), details(command));
        world.timers.advance(Duration.ofHours(2));
        assertEquals(List.of("DeliveryTimedOut"), details(command));
    }

    @Test
    void fiveCommandsRunFiveWaitAndTheEleventhIsDelayed() {
        String id = world.launch();
        List<String> commands = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            commands.add(world.send("AWS-RunShellScript", LONG, id));
        }
        assertEquals(List.of("Delayed"), details(commands.get(10)));
        assertEquals(List.of("InProgress"), details(commands.get(9)));
        world.timers.advance(Duration.ofMinutes(1));
        assertEquals(List.of("Success"), details(commands.get(0)));
        assertEquals(List.of("InProgress"), details(commands.get(9)));
        world.timers.advance(Duration.ofMinutes(3));
        assertEquals(List.of("Success"), details(commands.get(10)));
    }

    @Test
    void cancelledCommandEndsOnTheInstanceAndOneThatWaitsNeverBegins() {
        String id = world.launch();
        String command = world.send("AWS-RunShellScript", LONG, id);
        world.call("CancelCommand", Json.object().put("CommandId", command));
        assertEquals(List.of("Cancelling"), details(command));
        world.timers.advance(World.MOMENT);
        assertEquals(List.of("Cancelled"), details(command));
        assertEquals("Cancelled", world.command(command).path("Status").asText());
    }

    @Test
    void executionTimeoutCountsAsAnError() {
        String id = world.launch();
        String command = world.send(
                "AWS-RunShellScript", Map.of("commands", List.of("take 60 s"), "executionTimeout", List.of("30")), id);
        world.timers.advance(Duration.ofSeconds(31));
        assertEquals(List.of("ExecutionTimedOut"), details(command));
        assertEquals(
                "ExecutionTimedOut",
                world.command(command).path("StatusDetails").asText());
        assertEquals(1, world.command(command).path("ErrorCount").asInt());
    }

    @Test
    void invocationIsNotFoundInItsFirstMoments() throws IOException {
        try (World slow = world(World.OPTIONS)) {
            String id = slow.launch();
            ObjectNode input = Json.object().put("DocumentName", "AWS-RunShellScript");
            input.set("Parameters", Json.listMap(LONG));
            input.putArray("InstanceIds").add(id);
            String command = slow.call("SendCommand", input)
                    .path("Command")
                    .path("CommandId")
                    .asText();
            AwsError error = assertThrows(AwsError.class, () -> slow.step(command, id, "aws:runShellScript"));
            assertEquals("InvocationDoesNotExist", error.code());
            assertEquals(List.of(), slow.invocations(command));
            slow.timers.advance(World.OPTIONS.invocationLag());
            assertEquals(1, slow.invocations(command).size());
        }
    }

    @Test
    void stoppedInstanceShowsOnlineForAWhileAndThenConnectionLost() {
        String id = world.launch();
        world.timers.advance(Duration.ofMinutes(7));
        String before = information(id).path("LastPingDateTime").asText();
        world.ec2.stop(id);
        world.timers.advance(Duration.ofMinutes(2));
        assertEquals("Online", information(id).path("PingStatus").asText());
        assertEquals(before, information(id).path("LastPingDateTime").asText());
        world.timers.advance(Duration.ofMinutes(10));
        assertEquals("ConnectionLost", information(id).path("PingStatus").asText());
        world.ec2.start(id);
        world.timers.advance(Duration.ofSeconds(20));
        assertEquals("Online", information(id).path("PingStatus").asText());
    }

    private JsonNode information(String id) {
        ObjectNode input = Json.object();
        input.putArray("Filters")
                .addObject()
                .put("Key", "InstanceIds")
                .putArray("Values")
                .add(id);
        return world.call("DescribeInstanceInformation", input)
                .path("InstanceInformationList")
                .path(0);
    }

    @Test
    void failurePrintsWhatAnsiblePrints() {
        String id = world.launch("fails", "yes");
        String command = world.send("AWS-RunShellScript", LONG, id);
        world.timers.advance(Duration.ofSeconds(2));
        String out = world.step(command, id, "aws:runShellScript")
                .path("StandardOutputContent")
                .asText();
        assertTrue(out.contains("TASK [configure : start]") && out.contains("fatal: [localhost]: FAILED!"), out);
        assertTrue(out.contains("PLAY RECAP"), out);
    }

    @Test
    void twoThousandInstancesFitIntoOneThread() {
        for (int i = 0; i < 2_000; i++) {
            world.ec2.launch(new Ec2.LaunchSpec(Map.of("fleet", "yes"), "t3.small", "eu-central-1a", ""));
        }
        world.timers.advance(Duration.ofSeconds(15));
        String command = world.send(toTag("fleet", "100%", "100%"));
        world.timers.advance(Duration.ofMinutes(2));
        assertEquals("Success", world.command(command).path("Status").asText());
        assertEquals(2_000, world.command(command).path("CompletedCount").asInt());
    }
}
