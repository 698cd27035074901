package dev.gantry.launch.reconcile;

import static dev.gantry.launch.reconcile.LaunchTest.reason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Hint;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.twin.World;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A description of Auto Scaling from before the ledger was read never overrules what the ledger has learned since. */
final class OlderDescriptionTest {
    private static final String WARM = "warm-token";
    private static final String SERVICE = "service-token";

    private final World world = new World();

    @Test
    void aSweepThatPausesAfterItSawTheWarmGateDoesNotReplaceTheStayAtTheServiceGate() {
        InstanceId instance = inTheWarmPool();
        world.groups.state(instance, "Warmed:Pending:Wait");
        world.calls.meanwhile("ledger.load", () -> {
            world.clock.passSeconds(20);
            arriveAtTheServiceGate(instance);
            world.look(event(instance, SERVICE, Gate.SERVICE));
            world.clock.passSeconds(30);
        });
        world.reconciler().sweep();
        Stay stay = world.stay(instance);
        assertEquals(2, stay.number());
        assertEquals(Gate.SERVICE, stay.gate());
        assertEquals(Optional.of(SERVICE), stay.token());
        assertEquals(1, stay.attempts().size(), "its run is not forgotten");
        world.succeed(instance);
        assertInstanceOf(Decision.Proceed.class, world.look(instance));
        assertEquals(2, world.stay(instance).number());
    }

    @Test
    void aWorkerThatWasStoppedDescribesAnInstanceAgainBeforeItsRunBegins() {
        InstanceId instance = world.launch();
        world.groups.state(instance, "Warmed:Pending:Wait");
        world.online(instance);
        Look warm = event(instance, WARM, Gate.WARM);
        world.calls.meanwhile("ledger.load", () -> {
            world.clock.passSeconds(20);
            arriveAtTheServiceGate(instance);
        });
        assertEquals(Reason.STATE, reason(world.look(warm)));
        assertEquals(0, world.commands.on(instance).size());
        world.look(event(instance, SERVICE, Gate.SERVICE));
        assertEquals(1, world.commands.on(instance).size());
    }

    @Test
    void anInstanceThatStillWaitsAfterASlowCallTakesItsRun() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.calls.meanwhile("ledger.load", () -> world.clock.passSeconds(20));
        assertEquals(Reason.RUN, reason(world.look(world.event(instance))));
    }

    @Test
    void anInstanceThatCannotBeDescribedAgainAfterASlowCallTakesNoRun() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.calls.meanwhile("ledger.load", () -> {
            world.clock.passSeconds(20);
            world.calls.failBefore("groups.describe", new GantryException.Retryable("Rate exceeded", null));
        });
        assertEquals(Reason.RETRYABLE, reason(world.look(world.event(instance))));
        assertEquals(0, world.commands.on(instance).size());
    }

    @Test
    void anInstanceDescribedAtTheWarmGateIsNotBelievedOverAnOpenStayAtTheServiceGateHoweverOld() {
        InstanceId instance = atTheServiceGate();
        world.clock.passSeconds(600);
        world.groups.state(instance, "Warmed:Pending:Wait");
        assertEquals(Reason.STATE, reason(world.look(instance)));
        assertEquals(2, world.stay(instance).number());
    }

    @Test
    void theServiceGateIsBelievedAMinuteAfterTheStayAtTheWarmGateWasOpenedOrAtOnceByItsEvent() {
        InstanceId instance = world.launch();
        world.groups.state(instance, "Warmed:Pending:Wait");
        world.look(event(instance, WARM, Gate.WARM));
        world.clock.passSeconds(30);
        world.groups.state(instance, "Pending:Wait");
        assertEquals(Reason.STATE, reason(world.look(instance)));
        assertEquals(1, world.stay(instance).number());
        world.look(event(instance, SERVICE, Gate.SERVICE));
        assertEquals(2, world.stay(instance).number());
        assertEquals(Optional.of(SERVICE), world.stay(instance).token());
    }

    @Test
    void aLateEventOfTheWarmGateNamesNoStayAtTheServiceGate() {
        InstanceId instance = world.launch();
        Look late = event(instance, WARM, Gate.WARM);
        world.clock.passSeconds(5);
        world.look(instance);
        world.look(late);
        assertEquals(Optional.empty(), world.stay(instance).token());
        assertEquals(Gate.SERVICE, world.stay(instance).gate());
    }

    @Test
    void aCompletionNamesItsOwnActionSoThatALateOneNeverMeetsTheNextGate() {
        InstanceId instance = runningAtTheWarmGate();
        world.succeed(instance);
        world.calls.meanwhile("groups.complete", () -> {
            world.groups.completeElsewhere(instance, World.HOOK, true);
            arriveAtTheServiceGate(instance);
        });
        world.look(instance);
        assertEquals("Pending:Wait", world.groups.state(instance));
        assertTrue(world.groups.completions().isEmpty());
        assertTrue(world.stay(instance).closedAt().isPresent(), "the warm gate's action is over");
    }

    @Test
    void withoutATokenTheInstanceIsDescribedAgainRightBeforeItsCompletion() {
        InstanceId instance = world.launch();
        world.groups.state(instance, "Warmed:Pending:Wait");
        world.online(instance);
        world.look(instance);
        world.succeed(instance);
        world.calls.meanwhile("ledger.write", () -> {
            world.groups.completeElsewhere(instance, World.HOOK, true);
            arriveAtTheServiceGate(instance);
        });
        world.look(instance);
        assertEquals(0, world.calls.count("groups.complete"));
        assertEquals("Pending:Wait", world.groups.state(instance));
    }

    @Test
    void aSecondTryAtTheWarmGateWithoutATokenWaitsUntilTheFirstCanNoLongerBeUnderWay() {
        InstanceId instance = world.launch();
        world.groups.state(instance, "Warmed:Pending:Wait");
        world.online(instance);
        world.look(instance);
        world.succeed(instance);
        world.calls.failBefore("groups.complete", new GantryException.Retryable("Rate exceeded", null));
        world.look(instance);
        assertEquals(Reason.STATE, reason(world.look(instance)));
        world.clock.pass(World.TAKEOVER);
        assertInstanceOf(Decision.Proceed.class, world.look(instance));
        assertEquals("Warmed:Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void aTokenOfAnotherWaitIsDroppedAndTheInstanceCompletedByItsId() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.look(world.event(instance));
        world.groups.token(instance, "another-token");
        world.succeed(instance);
        assertEquals(Reason.HOOK, reason(world.look(instance)));
        assertEquals(Optional.empty(), world.stay(instance).token());
        assertInstanceOf(Decision.Proceed.class, world.look(instance));
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void aLaunchCompletedByHandWhileAnotherHookHoldsEndsElsewhereWithItsTime() {
        InstanceId instance = world.launch();
        world.groups.hold(instance, "backup-agent", World.heartbeat().multipliedBy(4));
        world.online(instance);
        world.look(instance);
        world.clock.passSeconds(90);
        world.groups.completeElsewhere(instance, World.HOOK, true);
        world.succeed(instance);
        assertInstanceOf(Decision.Ignore.class, world.look(instance));
        Closing closing = world.stay(instance).closing().orElseThrow();
        assertEquals(Closing.Kind.ELSEWHERE, closing.kind());
        assertEquals(Optional.of(world.clock.instant()), closing.doneAt());
    }

    @Test
    void aHealthyInstanceIsRenewedWhileItsCompletionIsDenied() {
        InstanceId instance = LaunchTest.running(world);
        world.succeed(instance);
        for (int minute = 0; minute < 45; minute++) {
            world.calls.failBefore("groups.complete", new GantryException.Misconfigured("AccessDenied"));
            world.minute();
        }
        assertEquals("Pending:Wait", world.groups.state(instance), "its heartbeat of half an hour did not run out");
    }

    @Test
    void anInstanceThatIsScaledInWhileItWaitsHasAClosedRecord() {
        InstanceId instance = LaunchTest.running(world);
        world.minute();
        world.groups.remove(instance);
        world.minute();
        Closing closing = world.stay(instance).closing().orElseThrow();
        assertEquals(Closing.Kind.ELSEWHERE, closing.kind());
        assertTrue(closing.why().contains("is gone"), closing.why());
    }

    @Test
    void anInstanceThatIsGoneBeforeAnySweepSawItHasItsRecordClosedByItsOwnMessage() {
        InstanceId instance = world.launch();
        Look message = event(instance, SERVICE, Gate.SERVICE);
        world.look(message);
        world.groups.remove(instance);
        world.clock.passSeconds(70);
        assertInstanceOf(Decision.Ignore.class, world.look(message));
        assertTrue(world.stay(instance).closedAt().isPresent());
    }

    @Test
    void anEndThatAKilledFunctionCouldNotRecordIsRecordedByTheNextSweep() {
        InstanceId instance = LaunchTest.running(world);
        world.minute();
        world.succeed(instance);
        world.calls.failAfter("groups.complete", new GantryException.Retryable("timeout", null));
        world.look(instance);
        world.groups.state(instance, "InService");
        world.minute();
        Closing closing = world.stay(instance).closing().orElseThrow();
        assertEquals(Closing.Kind.PROVISIONED, closing.kind());
        assertTrue(closing.doneAt().isPresent());
    }

    private InstanceId runningAtTheWarmGate() {
        InstanceId instance = world.launch();
        world.groups.state(instance, "Warmed:Pending:Wait");
        world.groups.token(instance, WARM);
        world.online(instance);
        world.look(event(instance, WARM, Gate.WARM));
        return instance;
    }

    /** It passed the warm gate and was stopped an hour ago. */
    private InstanceId inTheWarmPool() {
        InstanceId instance = runningAtTheWarmGate();
        world.succeed(instance);
        world.look(instance);
        world.groups.state(instance, "Warmed:Stopped");
        world.clock.passSeconds(3600);
        return instance;
    }

    private InstanceId atTheServiceGate() {
        InstanceId instance = inTheWarmPool();
        arriveAtTheServiceGate(instance);
        world.look(event(instance, SERVICE, Gate.SERVICE));
        return instance;
    }

    private void arriveAtTheServiceGate(InstanceId instance) {
        world.groups.state(instance, "Pending:Wait");
        world.groups.hold(instance, World.HOOK, World.heartbeat());
        world.groups.token(instance, SERVICE);
        world.clock.passSeconds(1);
        world.online(instance);
    }

    private Look event(InstanceId instance, String token, Gate gate) {
        Hint hint = new Hint(token, world.clock.instant(), Optional.of(gate), Optional.of(World.WEB));
        return Look.waiting(instance, World.HOOK, hint);
    }
}
