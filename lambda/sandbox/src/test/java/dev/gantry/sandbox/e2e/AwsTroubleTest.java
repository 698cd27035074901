package dev.gantry.sandbox.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.wire.Faults.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AWS answers badly, and functions die: launches come through all the same, each by one command. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
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

    private Deployment gantry;

    @BeforeAll
    void deploy() throws IOException {
        gantry = Deployment.start();
    }

    @AfterEach
    void disarm() {
        gantry.hazards.disarm();
    }

    @AfterAll
    void close() {
        gantry.close();
    }

    @Test
    void whereEveryCallIsThrottledUntilItsClientGivesUpTheLaunchIsOnlyLater() {
        Fleet fleet = Fleet.ready(gantry, "throttled");
        List<String> calls = new ArrayList<>(CALLS);
        calls.add("SendCommand");
        calls.forEach(call -> arm(call, Hazards.throttled(call), ATTEMPTS));
        launchThrough(fleet);
    }

    @Test
    void whereEveryCallFailsUntilItsClientGivesUpTheLaunchIsOnlyLater() {
        Fleet fleet = Fleet.ready(gantry, "failing");
        CALLS.forEach(call -> arm(call, Hazards.serverError(false), ATTEMPTS));
        launchThrough(fleet);
    }

    @Test
    void callsThatTookEffectAlthoughAwsSaysTheyFailedAreNotTakenForFailures() {
        Fleet fleet = Fleet.ready(gantry, "answered-wrongly");
        CALLS.forEach(call -> arm(call, Hazards.serverError(true), 1));
        launchThrough(fleet);
    }

    @Test
    void callsThatTookEffectAndWereNeverAnsweredAreNotTakenForFailures() {
        Fleet fleet = Fleet.ready(gantry, "cut");
        CALLS.forEach(call -> arm(call, new Fault.Cut(true), 1));
        launchThrough(fleet);
    }

    /** Whichever way the answer is lost, the end of the run tells of the command. */
    @ParameterizedTest
    @ValueSource(strings = {"cut", "500"})
    void aCommandWhoseAnswerWasLostIsFoundAndNeverSentAgain(String how) {
        Fleet fleet = Fleet.ready(gantry, "lost-answer-" + how);
        gantry.hazards.arm("SendCommand", List.of(how.equals("cut") ? new Fault.Cut(true) : Hazards.serverError(true)));
        launchThrough(fleet);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SendCommand", "CompleteLifecycleAction"})
    void aFunctionKilledWhileItsCallTakesEffectCostsNothingButTime(String operation) {
        Fleet fleet = Fleet.ready(gantry, "killed-" + operation);
        gantry.hazards.arm(operation, AwsTroubleTest::killLaunchFunction, new Fault.Cut(true));
        String instance = fleet.launchOne();
        Await.until("the function was killed in " + operation, gantry.hazards::isSpent);
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

    /** The environments are children of this process. */
    private static void killLaunchFunction() {
        ProcessHandle.current()
                .children()
                .filter(child -> commandLine(child.pid()).contains("LaunchQueueHandler"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    private void arm(String operation, Fault fault, int calls) {
        gantry.hazards.arm(operation, Collections.nCopies(calls, fault));
    }

    /** One launch, with sweeps meanwhile; afterwards all that was to go wrong has gone wrong. */
    private void launchThrough(Fleet fleet) {
        String instance = fleet.launchOne();
        fleet.sweepUntilInService(instance);
        JsonNode stay = fleet.closed(instance);
        assertEquals("provisioned", stay.path("closing").path("kind").asText());
        assertEquals(1, fleet.commands(instance).size());
        assertEquals(List.of(), gantry.hazards.left());
    }
}
