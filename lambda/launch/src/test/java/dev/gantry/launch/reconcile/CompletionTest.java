package dev.gantry.launch.reconcile;

import static dev.gantry.launch.reconcile.LaunchTest.reason;
import static dev.gantry.launch.reconcile.LaunchTest.running;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.twin.World;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rule 5: what AWS answers to a completion, and what that means. */
final class CompletionTest {
    private final World world = new World();

    @Test
    void aCompletionThatComesBeforeTheActionIsActiveIsRepeated() {
        InstanceId instance = new InstanceId("i-0123456789abcdef0");
        world.groups.put(instance, World.WEB, "Pending:Wait");
        world.online(instance);
        world.look(world.event(instance));
        world.succeed(instance);
        assertEquals(Reason.HOOK, reason(world.look(instance)));
        assertTrue(world.stay(instance).closedAt().isEmpty());
        world.groups.hold(instance, World.HOOK, World.heartbeat());
        assertInstanceOf(Decision.Proceed.class, world.look(instance));
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void aCompletionThatComesTooLateIsFinal() {
        InstanceId instance = running(world);
        world.succeed(instance);
        world.calls.meanwhile("groups.complete", () -> world.groups.completeElsewhere(instance, World.HOOK, false));
        world.look(instance);
        assertEquals("Terminating", world.groups.state(instance));
        assertTrue(world.stay(instance).closedAt().isPresent());
        world.calls.forget();
        assertInstanceOf(Decision.Ignore.class, world.look(instance));
        assertEquals(0, world.calls.count("groups.complete"));
    }

    @Test
    void aThrottledCompletionIsRepeatedAndThePageIsNot() {
        world.fleet(World.WEB, dev.gantry.launch.twin.Policies.attempts(1));
        InstanceId instance = running(world);
        world.fail(instance);
        world.calls.failBefore("groups.complete", new GantryException.Retryable("Rate exceeded", null));
        assertEquals(Reason.RETRYABLE, reason(world.look(instance)));
        assertInstanceOf(Decision.Abandon.class, world.look(instance));
        assertEquals("Terminating", world.groups.state(instance));
        assertEquals(1, world.journal.pages().size());
    }

    @Test
    void aCompletionThatIsThrottledForALongTimeCostsNoSecondRun() {
        InstanceId instance = running(world);
        world.succeed(instance);
        world.calls.failBefore("groups.complete", new GantryException.Retryable("Rate exceeded", null));
        assertEquals(Reason.RETRYABLE, reason(world.look(instance)));
        world.clock.passSeconds(400);
        assertInstanceOf(Decision.Proceed.class, world.look(instance));
        assertEquals("Pending:Proceed", world.groups.state(instance));
        assertEquals(1, world.commands.on(instance).size());
    }

    @Test
    void anEndWhoseTokenIsRefusedLongAfterItWasDecidedDoesNotCompleteALaterWait() {
        InstanceId instance = running(world);
        world.succeed(instance);
        world.calls.failBefore("groups.complete", new GantryException.Retryable("Rate exceeded", null));
        world.look(instance);
        // It went into service and came back to the gate, and neither a look nor an event showed it.
        world.groups.token(instance, "later");
        world.clock.passSeconds(400);
        assertEquals(Reason.HOOK, reason(world.look(instance)));
        assertEquals(Reason.AGENT, reason(world.look(instance)));
        assertEquals(2, world.stay(instance).number());
        world.clock.passSeconds(10);
        world.online(instance);
        world.look(instance);
        assertEquals("Pending:Wait", world.groups.state(instance));
        assertEquals(2, world.commands.on(instance).size());
    }

    @Test
    void aRepeatedAbandonmentKeepsItsCauseItsFailureAndWritesNoFailureObjectForADeadline() {
        InstanceId instance = running(world);
        world.fail(instance);
        for (int minute = 0; minute < 59; minute++) {
            world.minute();
        }
        world.calls.failBefore("groups.complete", new GantryException.Retryable("Rate exceeded", null));
        world.minute();
        Closing intended = world.stay(instance).closing().orElseThrow();
        assertEquals(Optional.of(Cause.LAUNCH_DEADLINE), intended.cause());
        assertEquals(Optional.of(World.BROKEN_PLAY), intended.failure());
        Decision.Abandon again = assertInstanceOf(Decision.Abandon.class, world.look(instance));
        assertEquals(Cause.LAUNCH_DEADLINE, again.cause());
        assertTrue(world.failures.objects().isEmpty());
        Map<String, Object> page = world.journal.pages().get(0).fields();
        assertEquals("start nginx", page.get("task"));
        assertEquals(world.commands.on(instance).get(0).id(), page.get("failed_command"));
    }

    @Test
    void anEndElsewhereIsNeverCompletedThoughTheInstanceWaits() {
        InstanceId instance = running(world);
        world.ledger.put(
                World.WEB,
                instance,
                world.stay(instance)
                        .withClosing(new Closing(
                                Closing.Kind.ELSEWHERE,
                                Optional.empty(),
                                "completed by hand",
                                Optional.empty(),
                                world.clock.instant(),
                                Optional.empty())));
        assertInstanceOf(Decision.Ignore.class, world.look(instance));
        assertEquals(0, world.calls.count("groups.complete"));
        assertEquals("Pending:Wait", world.groups.state(instance));
    }

    @Test
    void aCompletionWhoseAnswerWasLostIsSeenInTheState() {
        InstanceId instance = running(world);
        world.succeed(instance);
        world.calls.failAfter("groups.complete", new GantryException.Retryable("timeout", null));
        world.look(instance);
        world.clock.passSeconds(60);
        assertInstanceOf(Decision.Ignore.class, world.look(instance));
        Closing closing = world.stay(instance).closing().orElseThrow();
        assertEquals(Closing.Kind.PROVISIONED, closing.kind());
        assertTrue(closing.doneAt().isPresent());
    }

    @Test
    void anInstanceThatASecondHookStillHoldsIsLeftAloneOnceOursIsCompleted() {
        InstanceId instance = world.launch();
        world.groups.hold(instance, "backup-agent", World.heartbeat().multipliedBy(4));
        world.online(instance);
        world.look(world.event(instance));
        world.succeed(instance);
        world.look(instance);
        assertEquals("Pending:Wait", world.groups.state(instance));
        assertInstanceOf(Decision.Ignore.class, world.look(instance));
        for (int minute = 0; minute < 40; minute++) {
            world.minute();
        }
        assertEquals(1, world.commands.on(instance).size());
        assertEquals(1, world.groups.completions().size());
        assertEquals(1, world.stay(instance).number());
        assertTrue(world.journal.pages().isEmpty());
    }

    @Test
    void anActionThatExpiredWhileASecondHookHoldsTheInstanceEndsTheStay() {
        InstanceId instance = running(world);
        world.groups.hold(instance, "backup-agent", World.heartbeat().multipliedBy(4));
        world.groups.completeElsewhere(instance, World.HOOK, true);
        world.clock.pass(World.heartbeat().dividedBy(2));
        assertEquals(Reason.HOOK, reason(world.look(instance)));
        assertEquals(
                Closing.Kind.ELSEWHERE,
                world.stay(instance).closing().orElseThrow().kind());
        world.succeed(instance);
        assertInstanceOf(Decision.Ignore.class, world.look(instance));
        assertTrue(world.groups.completions().isEmpty());
    }

    @Test
    void aSuccessIsCompletedEvenIfItsRecordOfTheLastGoodBundleFails() {
        InstanceId instance = running(world);
        world.succeed(instance);
        world.calls.failBefore("fleets.change", new GantryException.Retryable("S3 is slow", null));
        assertInstanceOf(Decision.Proceed.class, world.look(instance));
        assertEquals("Pending:Proceed", world.groups.state(instance));
        assertEquals(1, world.journal.lines("last_good_not_kept").size());
    }

    @Test
    void noInstanceIsAbandonedWhileItsFailureCannotBeRecorded() {
        world.fleet(World.WEB, dev.gantry.launch.twin.Policies.attempts(1));
        InstanceId instance = running(world);
        world.fail(instance);
        world.calls.failBefore("failures.record", new GantryException.Retryable("S3 is slow", null));
        assertEquals(Reason.RETRYABLE, reason(world.look(instance)));
        assertEquals("Pending:Wait", world.groups.state(instance));
        assertInstanceOf(Decision.Abandon.class, world.look(instance));
        assertEquals(1, world.failures.objects().size());
    }

    @Test
    void aBundleThatIsQuarantinedDuringTheRunAbandonsTheInstanceUncounted() {
        InstanceId instance = running(world);
        world.fleets.release(
                World.WEB,
                new dev.gantry.launch.release.Release(
                        java.util.Optional.of(World.SECOND),
                        java.util.Optional.of(World.SECOND),
                        java.util.Map.of(World.FIRST, "three failures"),
                        dev.gantry.launch.release.BreakerState.CLOSED));
        world.succeed(instance);
        Decision.Abandon abandon = assertInstanceOf(Decision.Abandon.class, world.look(instance));
        assertTrue(abandon.why().contains("quarantined"), abandon.why());
        assertTrue(world.failures.objects().isEmpty());
        assertEquals("Terminating", world.groups.state(instance));
    }
}
