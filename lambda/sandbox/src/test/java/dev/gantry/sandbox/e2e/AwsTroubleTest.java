package dev.gantry.sandbox.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.wire.Faults.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;

/**
 * AWS answers badly, and functions die: launches come through all the same, each by one command. Where the note of a stay's
 * end is what got lost, a look notes it again once the stay is a minute old: each trouble has a deployment of its own, so that
 * those minutes pass side by side, and nobody else's call meets what was meant for this launch.
 */
@Tag("e2e")
class AwsTroubleTest {
    /** All that a launch needs but SendCommand, after which nobody may simply try again. */
    private static final List<String> CALLS = List.of(
            "DescribeAutoScalingInstances",
            "GetObject",
            "PutObject",
            "DescribeInstanceInformation",
            "ListCommandInvocations",
            "CompleteLifecycleAction");

    /** As often as a client tries a call: nothing is left of it but an error. */
    private static final int ATTEMPTS = 3;

    @Scenario
    void whereEveryCallIsThrottledUntilItsClientGivesUpTheLaunchIsOnlyLater() throws IOException {
        List<String> calls = new ArrayList<>(CALLS);
        calls.add("SendCommand");
        launchThrough(hazards -> calls.forEach(call -> arm(hazards, call, Hazards.throttled(call), ATTEMPTS)));
    }

    @Scenario
    void whereEveryCallFailsUntilItsClientGivesUpTheLaunchIsOnlyLater() throws IOException {
        launchThrough(hazards -> CALLS.forEach(call -> arm(hazards, call, Hazards.serverError(false), ATTEMPTS)));
    }

    @Scenario
    void callsThatTookEffectAlthoughAwsSaysTheyFailedAreNotTakenForFailures() throws IOException {
        launchThrough(hazards -> CALLS.forEach(call -> arm(hazards, call, Hazards.serverError(true), 1)));
    }

    @Scenario
    void callsThatTookEffectAndWereNeverAnsweredAreNotTakenForFailures() throws IOException {
        launchThrough(hazards -> CALLS.forEach(call -> arm(hazards, call, new Fault.Cut(true), 1)));
    }

    /** Whichever way the answer is lost, the end of the run tells of the command. */
    @Scenario
    void aCommandWhoseAnswerWasCutIsFoundAndNeverSentAgain() throws IOException {
        launchThrough(hazards -> arm(hazards, "SendCommand", new Fault.Cut(true), 1));
    }

    @Scenario
    void aCommandThatWasSentAlthoughAwsSaysItWasNotIsFoundAndNeverSentAgain() throws IOException {
        launchThrough(hazards -> arm(hazards, "SendCommand", Hazards.serverError(true), 1));
    }

    @Scenario
    void aFunctionKilledWhileItSendsCostsNothingButTime() throws IOException {
        launchThroughKill("SendCommand");
    }

    @Scenario
    void aFunctionKilledWhileItCompletesCostsNothingButTime() throws IOException {
        launchThroughKill("CompleteLifecycleAction");
    }

    private static void launchThroughKill(String operation) throws IOException {
        try (Deployment gantry = Deployment.start()) {
            gantry.hazards.armKill(operation, gantry.sandbox.cloud().lambda());
            launchThroughKill(gantry, Fleet.ready(gantry, "killed"));
        }
    }

    private static void launchThroughKill(Deployment gantry, Fleet fleet) {
        String instance = fleet.launchOne();
        Await.until("a function was killed", gantry.hazards::isSpent);
        fleet.sweepUntilInService(instance);
        // As the messages do that the killed function had: they come back when their visibility ends. Of a stay younger
        // than a minute it is not believed that its instance is beyond the gate.
        JsonNode stay = Await.until("the stay of " + instance + " is closed", () -> {
            gantry.look(instance);
            return fleet.record(instance)
                    .filter(record -> record.path("closing").has("doneAt"));
        });
        assertEquals("provisioned", stay.path("closing").path("kind").asText());
        assertEquals(1, fleet.commands(instance).size());
    }

    private static void arm(Hazards hazards, String operation, Fault fault, int calls) {
        hazards.arm(operation, Collections.nCopies(calls, fault));
    }

    /** One launch, with sweeps meanwhile; afterwards all that was to go wrong has gone wrong. */
    private static void launchThrough(Consumer<Hazards> trouble) throws IOException {
        try (Deployment gantry = Deployment.start()) {
            Fleet fleet = Fleet.ready(gantry, "troubled");
            trouble.accept(gantry.hazards);
            String instance = fleet.launchOne();
            fleet.sweepUntilInService(instance);
            JsonNode stay = fleet.closed(instance);
            assertEquals("provisioned", stay.path("closing").path("kind").asText());
            assertEquals(1, fleet.commands(instance).size());
            assertEquals(List.of(), gantry.hazards.left());
        }
    }
}
