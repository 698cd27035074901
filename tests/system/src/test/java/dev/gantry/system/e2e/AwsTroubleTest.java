package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.wire.Faults.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;

/**
 * AWS answers badly, and functions are killed: launches still succeed, each by one command. If the note of a stay's end was
 * lost, a look notes it again once the stay is a minute old. Each trouble has a deployment of its own, so that no other
 * launch's call meets the fault that was meant for this one, and those minutes pass in parallel.
 */
@Tag("e2e")
class AwsTroubleTest {
    /** All calls of a launch except SendCommand, which must not simply be retried. */
    private static final List<String> CALLS = List.of(
            "DescribeAutoScalingInstances",
            "GetObject",
            "PutObject",
            "DescribeInstanceInformation",
            "ListCommandInvocations",
            "CompleteLifecycleAction");

    /** As often as a client tries a call, so that it fails. */
    private static final int ATTEMPTS = 3;

    /** The number of concurrent launches, because each starts processes; the others wait. */
    private static final Semaphore LAUNCHING = new Semaphore(3, true);

    @Scenario
    void ifEveryCallIsThrottledUntilItsClientGivesUpTheLaunchIsOnlyLater() throws IOException {
        List<String> calls = new ArrayList<>(CALLS);
        calls.add("SendCommand");
        launchThrough(hazards -> calls.forEach(call -> arm(hazards, call, Hazards.throttled(call), ATTEMPTS)));
    }

    @Scenario
    void ifEveryCallFailsUntilItsClientGivesUpTheLaunchIsOnlyLater() throws IOException {
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

    /** However the answer is lost, the event of the run's end names the command. */
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

    private static void arm(Hazards hazards, String operation, Fault fault, int calls) {
        hazards.arm(operation, Collections.nCopies(calls, fault));
    }

    /** One launch, with sweeps meanwhile; at its end every planned fault has happened. */
    private static void launchThrough(Consumer<Hazards> trouble) throws IOException {
        try (Launch launch = Launch.through(Trouble.of(trouble))) {
            launch.assertProvisioned(launch.fleet.closedByLooks(launch.instance));
        }
    }

    /** The messages of the killed function come back only when their visibility ends; looks do here as they do then. */
    private static void launchThroughKill(String operation) throws IOException {
        try (Launch launch = Launch.through(Trouble.ofAKill(operation))) {
            launch.assertProvisioned(launch.fleet.closedByLooks(launch.instance));
        }
    }

    /** The faults that are armed before the launch; sweeps begin only once a kill has happened. */
    private record Trouble(Consumer<Deployment> armed, boolean isKill) {

        static Trouble of(Consumer<Hazards> faults) {
            return new Trouble(gantry -> faults.accept(gantry.hazards), false);
        }

        static Trouble ofAKill(String operation) {
            return new Trouble(
                    gantry -> gantry.hazards.armKill(
                            operation, gantry.sandbox.cloud().lambda()),
                    true);
        }
    }

    /** A deployment of its own, in which one instance came into service although something went wrong. */
    private record Launch(Deployment gantry, Fleet fleet, String instance) implements AutoCloseable {

        static Launch through(Trouble trouble) throws IOException {
            LAUNCHING.acquireUninterruptibly();
            try {
                return through(trouble, Deployment.forTrouble());
            } finally {
                LAUNCHING.release();
            }
        }

        private static Launch through(Trouble trouble, Deployment gantry) {
            try {
                Fleet fleet = Fleet.ready(gantry, "troubled");
                trouble.armed.accept(gantry);
                String instance = fleet.launchOne();
                if (trouble.isKill) {
                    Await.until("a function was killed", gantry.hazards::isSpent);
                }
                fleet.sweepUntilInService(instance, gantry::sweepOrLoseIt);
                return new Launch(gantry, fleet, instance);
            } catch (RuntimeException | Error e) {
                gantry.close();
                throw e;
            }
        }

        void assertProvisioned(JsonNode stay) {
            assertEquals("provisioned", stay.path("closing").path("kind").asText());
            assertEquals(1, fleet.commands(instance).size());
            assertEquals(List.of(), gantry.hazards.left());
        }

        @Override
        public void close() {
            gantry.close();
        }
    }
}
