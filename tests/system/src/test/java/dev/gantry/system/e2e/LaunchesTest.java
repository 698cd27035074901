package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.sandbox.ec2.Script;
import dev.gantry.sandbox.events.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingException;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;

/** Launches from the hook to service, each in a fleet of its own, all at the same time. */
@Tag("e2e")
@ExtendWith(SharedDeployment.class)
class LaunchesTest {
    /** Half of it is what one test waits for; the other half has to be long enough for a busy machine. */
    private static final int HEARTBEAT = 120;

    private static final String WAITING = "Pending:Wait";

    private final Deployment gantry;

    LaunchesTest(Deployment gantry) {
        this.gantry = gantry;
    }

    @Scenario
    void aLaunchIsHeldUntilItsBundleIsAppliedAndThenEntersService() {
        CountDownLatch looked = new CountDownLatch(1);
        gantry.playbooks.play("held", (isFirst, nth) -> successAfter(looked));
        Fleet fleet = Fleet.ready(gantry, "held");
        String instance = fleet.launchOne();
        CommandInvocation run = Await.until("a command on " + instance, () -> fleet.commands(instance).stream()
                .findFirst());
        assertEquals(WAITING, fleet.state(instance));
        looked.countDown();
        fleet.awaitInService(instance);
        JsonNode stay = fleet.closed(instance);
        JsonNode attempt = stay.path("attempts").path(0);
        assertEquals("provisioned", stay.path("closing").path("kind").asText());
        assertEquals("service", stay.path("gate").asText());
        assertEquals(1, stay.path("attempts").size());
        assertEquals(run.commandId(), attempt.path("commandId").asText());
        assertEquals(
                "gantry " + attempt.path("runId").asText() + " "
                        + attempt.path("bundle").asText().substring(0, 12) + " a1",
                run.comment());
        assertEquals("Success", fleet.commands(instance).get(0).statusAsString());
    }

    private static Script.Outcome successAfter(CountDownLatch looked) {
        try {
            assertTrue(looked.await(10, TimeUnit.MINUTES), "the test did not look");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Playbooks.success();
    }

    @Scenario
    void theBundleOfALaunchThatSucceededIsTheLastGoodOne() {
        Fleet fleet = Fleet.named(gantry, "good").withSettings();
        String bundle = fleet.publish("a good bundle");
        fleet.withGroup(fleet.hook("gantry", 300));
        fleet.awaitInService(fleet.launchOne());
        Await.until("the release names the last good bundle", () -> fleet.object("fleets/good/release.json")
                .map(Deployment::parse)
                .filter(release -> release.path("lastGood").asText().equals(bundle)));
    }

    @Scenario
    void aLaunchWhoseEventsAreAllLostIsCarriedThroughByTheSweep() {
        gantry.deliveries.deliver("lost", Delivery.LOST);
        Fleet fleet = Fleet.ready(gantry, "lost");
        String instance = fleet.launchOne();
        fleet.sweepUntilInService(instance);
        assertEquals(1, fleet.commands(instance).size());
        assertEquals(2, gantry.deliveries.of("lost").size(), "of the launch and of the run's end");
    }

    @Scenario
    void eventsThatComeTwiceAndLateChangeNothing() {
        gantry.deliveries.deliver("doubled", event -> List.of(Duration.ZERO, Duration.ZERO));
        Fleet fleet = Fleet.ready(gantry, "doubled");
        String instance = fleet.launchOne();
        fleet.awaitInService(instance);
        JsonNode closed = fleet.closed(instance);
        List<String> late = gantry.deliveries.of("doubled");
        int before = ignored(instance);
        late.forEach(this::send);
        // The launch, and the end of its run; the end of the command names no instance.
        Await.until("the late events were handled", () -> ignored(instance) >= before + 2);
        assertEquals(1, fleet.commands(instance).size());
        assertEquals(closed, fleet.record(instance).orElseThrow());
        assertEquals("InService", fleet.state(instance));
    }

    private int ignored(String instance) {
        return gantry.logs
                .of("message_ignored", line -> line.path("instance").asText().equals(instance))
                .size();
    }

    private void send(String body) {
        gantry.sqs.sendMessage(
                request -> request.queueUrl(gantry.queueUrl(ExampleFleet.QUEUE)).messageBody(body));
    }

    @Scenario
    void ifTheAgentIsLateTheLaunchMessageWaitsForIt() {
        gantry.registration("late-agent", Optional.empty());
        Fleet fleet = Fleet.ready(gantry, "late-agent");
        String instance = fleet.launchOne();
        Await.until("the first look, which finds no agent", () -> fleet.record(instance));
        assertEquals(List.of(), fleet.commands(instance));
        gantry.registration("late-agent", Optional.of(Duration.ZERO));
        gantry.region.ec2().machine(instance).orElseThrow().reboot();
        fleet.awaitInService(instance);
        assertEquals(1, fleet.commands(instance).size());
        assertEquals(1, fleet.closed(instance).path("attempts").size());
    }

    /** What the agent reports of a run that the instance's shutdown ends: the shell's child was ended by SIGTERM. */
    private static Script.Outcome interrupted() {
        return new Script.Outcome(Duration.ofMillis(300), 143, "PLAY [all] ****\n", "");
    }

    @Scenario
    void aRunThatASpotInterruptionEndsIsNoFailureOfTheBundle() {
        gantry.playbooks.play(
                "interrupted",
                (isFirst, nth) -> isFirst ? interrupted() : Script.Outcome.success(Duration.ofMillis(300)));
        Fleet fleet = Fleet.named(gantry, "interrupted");
        fleet.settings.put("attempts", 1);
        String bundle = fleet.withSettings().publish("the first bundle");
        fleet.withGroup(fleet.hook("gantry", 300));
        String taken = fleet.launchOne();
        Await.stepping("the run's end is learned", gantry::sweep, () -> fleet.record(taken)
                .filter(stay -> stay.path("attempts").path(0).has("end")));

        gantry.region.ec2().terminate(taken);

        Await.stepping("a replacement is in service", gantry::sweep, () -> fleet.members().stream()
                .anyMatch(one ->
                        !one.instanceId().equals(taken) && one.lifecycleState().equals("InService")));
        assertEquals(
                "elsewhere", fleet.closed(taken).path("closing").path("kind").asText());
        assertEquals(Optional.empty(), fleet.object("failures/interrupted/" + bundle + "/" + taken + "-1.json"));
    }

    @Scenario
    void ifTheAgentNeverRegistersNothingIsSentAndTheHeartbeatIsRenewed() {
        gantry.registration("no-agent", Optional.empty());
        Fleet fleet = Fleet.named(gantry, "no-agent");
        fleet.settings.put("heartbeatSeconds", HEARTBEAT);
        fleet.withSettings().publish("the first bundle");
        fleet.withGroup(fleet.hook("gantry", HEARTBEAT));
        String instance = fleet.launchOne();
        Await.stepping("the heartbeat is renewed at half", gantry::sweep, () -> fleet.record(instance)
                .filter(LaunchesTest::isRenewed));
        assertEquals(WAITING, fleet.state(instance));
        assertEquals(List.of(), fleet.commands(instance));
        assertEquals(0, fleet.record(instance).orElseThrow().path("attempts").size());
    }

    private static boolean isRenewed(JsonNode stay) {
        Instant opened = Instant.parse(stay.path("openedAt").asText());
        return stay.has("heartbeatAt")
                && Instant.parse(stay.path("heartbeatAt").asText()).isAfter(opened.plusSeconds(10));
    }

    @Scenario
    void anInstanceOfAWarmPoolPassesBothGates() {
        Fleet fleet = Fleet.ready(gantry, "warm");
        gantry.autoScaling.putWarmPool(request ->
                request.autoScalingGroupName("warm").maxGroupPreparedCapacity(1).poolState("Stopped"));
        String instance = fleet.awaitOne("Warmed:Stopped");
        JsonNode warm = fleet.closed(instance);
        assertEquals("warm", warm.path("gate").asText());
        assertEquals("provisioned", warm.path("closing").path("kind").asText());
        fleet.desire(1);
        fleet.awaitInService(instance);
        JsonNode service = fleet.closed(instance);
        assertEquals("service", service.path("gate").asText());
        assertEquals("provisioned", service.path("closing").path("kind").asText());
        assertEquals(2, service.path("number").asInt());
        assertEquals(2, fleet.commands(instance).size());
    }

    @Scenario
    void aSecondLaunchHookOfTheGroupIsLeftToItsOwner() {
        Fleet fleet = Fleet.named(gantry, "two-hooks").withSettings();
        fleet.publish("the first bundle");
        fleet.withGroup(fleet.hook("gantry", 300), fleet.hook("theirs", 300));
        String instance = fleet.launchOne();
        Await.until("Gantry's hook is completed", () -> !isActive("two-hooks", "gantry", instance));
        gantry.sweep();
        assertEquals(WAITING, fleet.state(instance));
        assertTrue(isActive("two-hooks", "theirs", instance));
        assertEquals(
                "provisioned",
                fleet.record(instance)
                        .orElseThrow()
                        .path("closing")
                        .path("kind")
                        .asText());
        assertEquals(1, fleet.commands(instance).size());
        complete("two-hooks", "theirs", instance);
        fleet.awaitInService(instance);
    }

    @Scenario
    void aGroupThatIsNoFleetIsLeftAlone() {
        Fleet fleet = Fleet.named(gantry, "foreign");
        fleet.withGroup(fleet.hook("theirs", 300));
        String instance = fleet.launchOne();
        assertEquals("Ignore", gantry.look(instance).path("decision").asText());
        gantry.sweep();
        assertEquals(WAITING, fleet.state(instance));
        assertEquals(List.of(), fleet.commands(instance));
        assertEquals(Optional.empty(), fleet.record(instance));
        complete("foreign", "theirs", instance);
        fleet.awaitInService(instance);
    }

    /** Whether Auto Scaling waits for this hook: only then it takes a heartbeat. */
    private boolean isActive(String group, String hook, String instance) {
        try {
            gantry.autoScaling.recordLifecycleActionHeartbeat(request ->
                    request.autoScalingGroupName(group).lifecycleHookName(hook).instanceId(instance));
            return true;
        } catch (AutoScalingException e) {
            assertTrue(e.getMessage().contains("No active Lifecycle Action"), e.getMessage());
            return false;
        }
    }

    private void complete(String group, String hook, String instance) {
        gantry.autoScaling.completeLifecycleAction(request -> request.autoScalingGroupName(group)
                .lifecycleHookName(hook)
                .instanceId(instance)
                .lifecycleActionResult("CONTINUE"));
    }

    @Scenario
    void inObserveModeALaunchIsCompletedWithoutACommandAndSaysWhatWouldHaveBeenDone() {
        Fleet fleet = Fleet.named(gantry, "observed");
        fleet.settings.put("mode", "observe");
        String bundle = fleet.withSettings().publish("the first bundle");
        fleet.withGroup(fleet.hook("gantry", 120));
        fleet.desire(1);
        String instance = fleet.awaitOne("InService");
        JsonNode closing = fleet.closed(instance).path("closing");
        assertEquals("observed", closing.path("kind").asText());
        assertTrue(closing.path("why").asText().contains("would have: run bundle " + bundle.substring(0, 12)));
        assertEquals(List.of(), fleet.commands(instance));
    }
}
