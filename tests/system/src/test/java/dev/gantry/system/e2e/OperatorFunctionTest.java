package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.ExampleFleet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ssm.model.Command;

/** What operators do: invoke the function, and send commands by hand. */
@Tag("e2e")
@ExtendWith(SharedDeployment.class)
class OperatorFunctionTest {
    private static final String UNKNOWN_BUNDLE = "0".repeat(64);

    private final Deployment gantry;

    OperatorFunctionTest(Deployment gantry) {
        this.gantry = gantry;
    }

    private static void assertAnswer(String status, String word, JsonNode answer) {
        assertEquals(status, answer.path("status").asText(), answer.toString());
        assertTrue(answer.path("message").asText().contains(word), answer.toString());
    }

    private JsonNode ask(String request) {
        return gantry.invoke(ExampleFleet.OPERATOR_FUNCTION, request);
    }

    @Scenario
    void aBundleThatWasNotUploadedIsRefused() {
        Fleet fleet = Fleet.ready(gantry, "proposing");
        assertAnswer("refused", "publish it first", fleet.propose(UNKNOWN_BUNDLE));
    }

    /** The alias is the first line's of tests/fleet-names.tsv; the shipped zip learns it from its context. */
    @Scenario
    void aFleetsOwnAliasActsForNoOtherFleet() {
        Fleet fleet = Fleet.ready(gantry, "not-web");
        JsonNode answer = gantry.invoke(
                ExampleFleet.OPERATOR_FUNCTION + ":fleet-web-4b5e57f6eb2f42b9039b3d1e13929295",
                "{\"action\": \"propose\", \"fleet\": \"" + fleet.name() + "\", \"bundle\": \""
                        + Fleet.sha256("the first bundle") + "\"}");
        assertAnswer("refused", "may not act for fleet not-web", answer);
    }

    @Scenario
    void aBundleOfAGroupThatIsNoFleetIsRefused() {
        assertAnswer("refused", "no fleet", Fleet.named(gantry, "nobody").propose(UNKNOWN_BUNDLE));
    }

    @Scenario
    void aRequestThatCannotBeUnderstoodIsAnsweredWithItsField() {
        assertAnswer("error", "not-a-sha", Fleet.named(gantry, "web").propose("not-a-sha"));
        assertAnswer("error", "action must be", ask("{\"action\": \"dance\"}"));
        assertAnswer("error", "field action", ask("{}"));
        assertAnswer("error", "i-xyz", gantry.look("i-xyz"));
    }

    @Scenario
    void aLookAtAnInstanceThatNoGroupHasSaysSo() {
        JsonNode answer = gantry.look("i-00000000000000000");
        assertAnswer("accepted", "no Auto Scaling group", answer);
        assertEquals("Ignore", answer.path("decision").asText());
    }

    @Scenario
    void liftingEndsAQuarantineAndTheSuspensionThatGantryMade() {
        Fleet fleet = Fleet.ready(gantry, "lifted");
        String bundle = Fleet.sha256("the first bundle");
        fleet.put(
                "fleets/lifted/release.json",
                "{\"current\": \"" + bundle + "\", \"quarantined\": {\"" + bundle
                        + "\": {\"reason\": \"three launches failed\"}}, \"launchSuspended\": true}");
        gantry.autoScaling.suspendProcesses(
                request -> request.autoScalingGroupName("lifted").scalingProcesses("Launch"));
        assertAnswer("refused", "three launches failed", fleet.propose(bundle));
        assertAnswer("accepted", "launches again", lift(bundle));
        assertAnswer("refused", "nothing to lift", lift(bundle));
        fleet.desire(1);
        fleet.awaitInService(1);
    }

    private JsonNode lift(String bundle) {
        return ask("{\"action\": \"lift\", \"fleet\": \"lifted\", \"bundle\": \"" + bundle + "\"}");
    }

    @Scenario
    void aCommandByHandWithTheFleetsOwnVersionAndBundleSavesAnInstanceThatIsHeld() {
        Fleet fleet = fleetThatHolds("by-hand");
        String instance = launchHeld(fleet);
        Command failed = command(fleet, instance);
        send(instance, failed.documentName(), failed.documentVersion(), parameters(failed));
        fleet.awaitInService(instance);
        JsonNode stay = fleet.closed(instance);
        assertEquals("provisioned", stay.path("closing").path("kind").asText());
        assertEquals(2, stay.path("attempts").size());
        assertEquals("by-hand", stay.path("attempts").path(1).path("owner").asText());
    }

    @Scenario
    void aCommandByHandWithAnotherBundleIsRecordedAndChangesNothing() {
        Fleet fleet = fleetThatHolds("by-hand-other");
        String old = fleet.publish("an older bundle");
        fleet.publish("the first bundle");
        String instance = launchHeld(fleet);
        Command failed = command(fleet, instance);
        Map<String, List<String>> parameters = parameters(failed);
        parameters.put("SourceInfo", List.of(parameters.get("SourceInfo").get(0).replaceAll("[0-9a-f]{64}", old)));
        send(instance, failed.documentName(), failed.documentVersion(), parameters);
        JsonNode line = gantry.logs.await("command_by_hand", instance);
        assertEquals(false, line.path("counts").asBoolean());
        assertEquals("Pending:Wait", fleet.state(instance));
        assertEquals(1, fleet.record(instance).orElseThrow().path("attempts").size());
    }

    /** Its first playbook fails on each instance, every other one succeeds; a failed instance is kept for a while. */
    private Fleet fleetThatHolds(String name) {
        gantry.playbooks.play(name, (isFirst, nth) -> nth == 1 ? Playbooks.failure() : Playbooks.success());
        Fleet fleet = Fleet.named(gantry, name);
        ObjectNode settings = fleet.settings;
        settings.put("attempts", 1).putObject("onFailure").put("holdMinutes", 5);
        fleet.withSettings().publish("the first bundle");
        return fleet.withGroup(fleet.hook("gantry", 300));
    }

    private String launchHeld(Fleet fleet) {
        String instance = fleet.launchOne();
        Await.until(instance + " is held after its failure", () -> fleet.record(instance)
                .map(stay -> stay.path("attempts")
                        .path(0)
                        .path("end")
                        .path("verdict")
                        .asText())
                .filter("failed"::equals));
        assertEquals("Hold", gantry.look(instance).path("decision").asText());
        return instance;
    }

    private Command command(Fleet fleet, String instance) {
        String id = fleet.commands(instance).get(0).commandId();
        return gantry.ssm
                .listCommands(request -> request.commandId(id))
                .commands()
                .get(0);
    }

    private static Map<String, List<String>> parameters(Command command) {
        return new TreeMap<>(command.parameters());
    }

    private void send(String instance, String document, String version, Map<String, List<String>> parameters) {
        gantry.ssm.sendCommand(request -> request.instanceIds(instance)
                .documentName(document)
                .documentVersion(version)
                .parameters(parameters)
                .comment("by hand"));
    }
}
