package dev.gantry.launch.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision.Abandon;
import dev.gantry.launch.decide.Decision.Proceed;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.twin.Policies;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The reason that an end gives to people: what a launch that took too long waited for, and what was only observed. */
final class EndReasonsTest {
    private static final Instant T = World.START;
    private static final Policy POLICY = Policies.of(2, Duration.ZERO, Policy.Mode.ENFORCE);
    private static final Instant LATE = T.plus(POLICY.launchDeadline());
    private static final Agent ONLINE = new Agent(true, Optional.of(T));
    private static final Stay FRESH =
            Stay.first(Gate.SERVICE, Optional.empty(), T).withHeartbeat(LATE);
    private static final Attempt CLAIM = Attempt.claimed(1, new RunId("run-00000001"), "owner", World.FIRST, T);

    private Policy policy = POLICY;
    private Agent agent = ONLINE;
    private Optional<Trouble> trouble = Optional.empty();
    private Release release = Release.NONE.withCurrent(World.FIRST);

    private Decision decide(Stay stay) {
        return DecisionTable.decide(new Observation(
                LATE,
                new Observation.Terms(World.fleet(World.WEB, policy, World.HOOK), release, World.TAKEOVER),
                Lifecycle.AT_SERVICE_GATE,
                Optional.of(stay),
                agent,
                Optional.empty(),
                trouble));
    }

    private void assertLate(String waitedFor, Stay stay) {
        Abandon abandon = assertInstanceOf(Abandon.class, decide(stay));
        assertEquals(
                "the launch deadline of " + POLICY.launchDeadline().toSeconds() + " s has passed: " + waitedFor,
                abandon.why());
    }

    private static Stay ended(Verdict verdict) {
        return FRESH.with(CLAIM.sent("command").ended(T, verdict));
    }

    @Test
    void aLateLaunchSaysHowItsLastRunEnded() {
        assertLate(
                "the last run failed: task 'start nginx': unit not found",
                ended(new Verdict.RunFailed(World.BROKEN_PLAY)));
        assertLate("the last run was refused: AccessDenied", ended(new Verdict.Refused("AccessDenied")));
        assertLate(
                "the last run never got to its end: DeliveryTimedOut",
                ended(new Verdict.Undelivered("DeliveryTimedOut")));
    }

    @Test
    void aLateLaunchWithoutARunSaysWhetherItsAgentWasThere() {
        assertLate("no run was begun", FRESH);
        agent = Agent.ABSENT;
        assertLate("the SSM agent never registered", FRESH);
    }

    @Test
    void aLateLaunchSaysThatItsRunHasNotEndedAndWhy() {
        Stay running = FRESH.with(CLAIM.sent("command"));
        assertLate("run 1 (run-00000001) has not ended", running);
        trouble = Optional.of(new Trouble(Trouble.Kind.RETRYABLE, "Rate exceeded", T));
        assertLate("run 1 (run-00000001) has not ended; Rate exceeded", running);
    }

    /** What was noted on the stay is about the bastion; about a run over Systems Manager it says nothing. */
    @Test
    void onlyARunOverTheBastionIsExplainedByWhatWasNotedBefore() {
        Trouble noted = new Trouble(Trouble.Kind.RETRYABLE, "the bastion is away", T);
        assertLate(
                "run 1 (run-00000001) has not ended",
                FRESH.with(CLAIM.sent("command")).withTrouble(noted));
        assertLate(
                "run 1 (run-00000001) has not ended; the bastion is away",
                FRESH.with(CLAIM.overTheBastion("owner", "SSM is away", T)).withTrouble(noted));
    }

    @Test
    void aLateLaunchSaysWhatTroubledItLast() {
        Stay troubled = FRESH.withTrouble(new Trouble(Trouble.Kind.MISCONFIGURED, "no such document", T));
        assertLate("no such document", troubled);
        trouble = Optional.of(new Trouble(Trouble.Kind.RETRYABLE, "Rate exceeded", T));
        assertLate("Rate exceeded", troubled);
    }

    @Test
    void anObservedLaunchSaysWhatItWouldHaveWaitedFor() {
        policy = Policies.observing();
        assertEquals(
                "observe mode; Gantry would have: run bundle 000000000000",
                assertInstanceOf(Proceed.class, decide(FRESH)).why());
        agent = Agent.ABSENT;
        assertEquals(
                "observe mode; Gantry would have: run bundle 000000000000 once the agent is online",
                assertInstanceOf(Proceed.class, decide(FRESH)).why());
        release = Release.NONE;
        assertTrue(
                assertInstanceOf(Proceed.class, decide(FRESH)).why().endsWith("waited for a bundle to be published"));
    }
}
