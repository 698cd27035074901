package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.release.BreakerState;
import dev.gantry.launch.release.Change;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.twin.World;
import dev.gantry.stored.FleetAlias;
import dev.gantry.stored.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorHandlerTest {
    private static final FleetName OTHER = new FleetName("other");
    private static final Authority OF_WEB = new Authority(Optional.of(FleetAlias.of(World.WEB)));

    private final World world = new World();
    private final OperatorHandler handler = new OperatorHandler(Wirings.of(world, new FakeMessages()));

    @BeforeEach
    void another() {
        world.fleet(OTHER, Policy.DEFAULT);
        world.fleets.upload(World.WEB, World.SECOND);
        world.fleets.upload(OTHER, World.SECOND);
    }

    private static Map<String, Object> propose(FleetName fleet) {
        return Map.of("action", "propose", "fleet", fleet.value(), "bundle", World.SECOND.sha256());
    }

    private static String status(Map<String, Object> answer) {
        return String.valueOf(answer.get("status"));
    }

    @Test
    void aFleetsAliasPublishesToItsFleetOnly() {
        assertEquals("accepted", status(handler.handle(propose(World.WEB), OF_WEB)));

        Map<String, Object> answer = handler.handle(propose(OTHER), OF_WEB);
        assertEquals("refused", status(answer));
        assertTrue(String.valueOf(answer.get("message")).contains(FleetAlias.of(OTHER)), answer.toString());
        assertEquals(Optional.of(World.FIRST), world.fleets.release(OTHER).current());
    }

    @Test
    void aFleetsAliasLiftsNothingOfAnotherFleet() {
        assertEquals("refused", status(handler.handle(Map.of("action", "lift", "fleet", "other"), OF_WEB)));
        assertTrue(String.valueOf(handler.handle(Map.of("action", "lift", "fleet", "web"), OF_WEB)
                        .get("message"))
                .contains("nothing to lift"));
    }

    @Test
    void aFleetsAliasLooksAtItsOwnInstancesOnly() {
        InstanceId own = world.launch();
        InstanceId foreign = world.launch(OTHER);

        assertEquals("accepted", status(handler.handle(look(own), OF_WEB)));
        assertEquals("refused", status(handler.handle(look(foreign), OF_WEB)));
        assertEquals("refused", status(handler.handle(look(new InstanceId("i-0aaaaaaaaaaaaaaaa")), OF_WEB)));
    }

    @Test
    void theCallerOfAProposalIsRecorded() {
        Map<String, Object> request = new TreeMap<>(propose(World.WEB));
        request.put("by", "arn:aws:iam::111122223333:user/ann");
        handler.handle(request, Authority.ADMINISTRATOR);

        assertEquals(
                List.of("arn:aws:iam::111122223333:user/ann"),
                world.fleets.release(World.WEB).changes().stream()
                        .map(Change::by)
                        .toList());
    }

    private static Map<String, Object> look(InstanceId instance) {
        return Map.of("action", "look", "instance", instance.value());
    }

    @Test
    void anAdministratorActsForEveryFleet() {
        assertEquals("accepted", status(handler.handle(propose(OTHER), Authority.ADMINISTRATOR)));
    }

    @Test
    void theInvokedAliasDecidesForWhichFleet() {
        FakeContext ofWeb = FakeContext.of(":" + FleetAlias.of(World.WEB));

        assertEquals(
                "accepted",
                invoke(Json.text(propose(World.WEB)), ofWeb).path("status").asText());
        assertEquals(
                "refused",
                invoke(Json.text(propose(OTHER)), ofWeb).path("status").asText());
    }

    private JsonNode invoke(String payload, FakeContext context) {
        return Invoked.with(handler, payload, context);
    }

    @Test
    void anInvocationWithAnArnThatIsNoFunctionsIsInvalid() {
        JsonNode answer = invoke(Json.text(propose(World.WEB)), new FakeContext("not an ARN", FakeContext.MINUTE));

        assertEquals("INVALID", answer.path("kind").asText());
        assertTrue(answer.path("message").asText().endsWith("not an ARN"), answer.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nothing", "{\"action\": ", "[]", "null"})
    void aPayloadThatIsNoObjectIsInvalid(String payload) {
        JsonNode answer = invoke(payload, FakeContext.of(":live"));

        assertEquals("INVALID", answer.path("kind").asText(), answer.toString());
        assertFalse(answer.path("message").asText().isBlank());
    }

    @Test
    void aRequestThatCannotBeReadIsInvalidAndSaysWhichField() {
        assertEquals(
                Map.of(
                        "status",
                        "error",
                        "kind",
                        "INVALID",
                        "message",
                        "action must be look, propose, lift, redrive, hold, unhold or retry"),
                handler.handle(Map.of("action", "delete"), Authority.ADMINISTRATOR));
        Map<String, Object> blank = handler.handle(Map.of("action", " "), Authority.ADMINISTRATOR);
        assertTrue(String.valueOf(blank.get("message")).startsWith("field action is missing"), blank.toString());
        Map<String, Object> number = handler.handle(Map.of("action", "look", "instance", 7), Authority.ADMINISTRATOR);
        assertTrue(String.valueOf(number.get("message")).startsWith("field instance is missing"), number.toString());
    }

    @Test
    void aFailedCallToAwsIsAnErrorOfItsKind() {
        world.calls.isAway("fleets", new GantryException.Retryable("S3 is away", null));

        assertEquals(
                Map.of("status", "error", "kind", "RETRYABLE", "message", "S3 is away"),
                handler.handle(propose(World.WEB), Authority.ADMINISTRATOR));
    }

    @Test
    void aLookSaysTheDecisionAndWhy() {
        InstanceId instance = world.launch();

        Map<String, Object> answer = handler.handle(look(instance), Authority.ADMINISTRATOR);

        assertEquals("Wait:AGENT", answer.get("decision"));
        assertEquals(instance.value(), answer.get("instance"));
        assertEquals("the SSM agent has not registered yet", answer.get("message"));
    }

    @Test
    void liftingABundleLiftsItsQuarantineAndNoOther() {
        world.fleets.release(
                World.WEB,
                new Release(
                        Optional.of(World.FIRST),
                        Optional.empty(),
                        Map.of(World.FIRST, "it fails", World.SECOND, "it fails, too"),
                        BreakerState.CLOSED));

        Map<String, Object> request = Map.of("action", "lift", "fleet", "web", "bundle", World.SECOND.sha256());
        assertEquals("accepted", status(handler.handle(request, OF_WEB)));

        Release after = world.fleets.release(World.WEB);
        assertTrue(after.isQuarantined(World.FIRST));
        assertFalse(after.isQuarantined(World.SECOND));
    }

    private final FakeMessages messages = new FakeMessages();

    private Map<String, Object> redrive(Authority authority) {
        return new OperatorHandler(Wirings.of(world, messages))
                .handle(Map.of("action", "redrive", "by", "anna"), authority);
    }

    @Test
    void redrivingMovesTheDeadLettersAndSaysHowMany() {
        messages.bury("x", "not JSON");

        Map<String, Object> answer = redrive(Authority.ADMINISTRATOR);

        assertEquals("accepted", status(answer));
        assertTrue(String.valueOf(answer.get("message")).startsWith("about 1 messages"), answer.toString());
        assertEquals("anna", world.journal.lines("redriven").get(0).fields().get("by"));
    }

    @Test
    void redrivingAnEmptyQueueIsRefusedAndSoIsAFleetsAlias() {
        assertEquals("refused", status(redrive(Authority.ADMINISTRATOR)));
        messages.bury("x", "not JSON");
        assertEquals("refused", status(redrive(OF_WEB)));
        assertEquals(1, messages.redrives);
    }

    private static Map<String, Object> hold(InstanceId instance, Object minutes) {
        return Map.of("action", "hold", "instance", instance.value(), "minutes", minutes, "by", "anna\n");
    }

    @Test
    void anInstanceIsHeldLetGoAndRunOnceMoreByItsFleetsAlias() {
        InstanceId own = world.launch();
        InstanceId foreign = world.launch(OTHER);
        handler.handle(look(own), OF_WEB);

        Map<String, Object> held = handler.handle(hold(own, 30), OF_WEB);
        assertEquals("Hold", held.get("decision"), held.toString());
        assertEquals(
                "anna?", world.stay(own).intervention().hold().orElseThrow().by());
        assertEquals("refused", status(handler.handle(hold(foreign, 30), OF_WEB)));
        Map<String, Object> again =
                handler.handle(Map.of("action", "retry", "instance", own.value()), Authority.ADMINISTRATOR);
        assertEquals("Wait:AGENT", again.get("decision"), again.toString());
        assertEquals(
                "accepted",
                status(handler.handle(Map.of("action", "unhold", "instance", own.value()), Authority.ADMINISTRATOR)));
    }

    @Test
    void whatTheRecordDoesNotAllowIsRefusedWithItsReason() {
        Map<String, Object> answer = handler.handle(
                Map.of("action", "unhold", "instance", world.launch().value()), Authority.ADMINISTRATOR);

        assertEquals("refused", status(answer));
        assertFalse(String.valueOf(answer.get("message")).isBlank());
    }

    @Test
    void aHoldIsFromAMinuteToTwoDays() {
        InstanceId own = world.launch();
        handler.handle(look(own), Authority.ADMINISTRATOR);

        assertEquals("accepted", status(handler.handle(hold(own, 1), Authority.ADMINISTRATOR)));
        Map<String, Object> longest = handler.handle(hold(own, 2880), Authority.ADMINISTRATOR);
        assertEquals("refused", status(longest), "two days are a time, but AWS ends the wait before");
    }

    /** As the command line sends it: texts, whole numbers, and null for what was not given. */
    @Test
    void thePayloadsNumbersAndNullsAreUnderstood() {
        InstanceId own = world.launch();
        handler.handle(look(own), Authority.ADMINISTRATOR);
        FakeContext context = FakeContext.of(":live");

        JsonNode held =
                invoke("{\"action\": \"hold\", \"instance\": \"" + own + "\", \"minutes\": 30, \"by\": null}", context);
        JsonNode half = invoke("{\"action\": \"hold\", \"instance\": \"" + own + "\", \"minutes\": 30.5}", context);
        JsonNode lifted = invoke("{\"action\": \"lift\", \"fleet\": \"web\", \"bundle\": null}", context);

        assertEquals("accepted", held.path("status").asText(), held.toString());
        assertEquals(
                "a caller that gave no name",
                world.stay(own).intervention().hold().orElseThrow().by());
        assertEquals("INVALID", half.path("kind").asText(), half.toString());
        assertEquals("refused", lifted.path("status").asText(), lifted.toString());
    }

    @Test
    void textThatIsNoTimeIsInvalid() {
        InstanceId own = world.launch();
        for (Object minutes : new Object[] {0, -1, 2881, 1.5, "30"}) {
            Map<String, Object> answer = handler.handle(hold(own, minutes), Authority.ADMINISTRATOR);
            assertEquals("INVALID", answer.get("kind"), answer.toString());
        }
    }
}
