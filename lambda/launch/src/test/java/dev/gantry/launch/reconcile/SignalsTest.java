package dev.gantry.launch.reconcile;

import static dev.gantry.launch.reconcile.LaunchTest.reason;
import static dev.gantry.launch.reconcile.LaunchTest.running;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Hint;
import dev.gantry.launch.twin.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Signals are hints: duplicate, late, false and lost ones change nothing. */
final class SignalsTest {
    private final World world = new World();

    @Test
    void aDoubledEventSendsOneCommand() {
        InstanceId instance = world.launch();
        world.online(instance);
        Look event = world.event(instance);
        world.reconciler().look(List.of(event, event));
        world.look(event);
        assertEquals(1, world.commands.on(instance).size());
    }

    @Test
    void aLateEventOfAnInstanceInServiceIsIgnored() {
        InstanceId instance = running(world);
        Look event = world.event(instance);
        world.succeed(instance);
        world.look(instance);
        world.groups.state(instance, "InService");
        world.clock.passSeconds(4000);
        assertInstanceOf(Decision.Ignore.class, world.look(event));
        assertEquals(1, world.commands.on(instance).size());
        assertEquals(1, world.stay(instance).number());
    }

    @Test
    void theLaterOfTwoHintsCountsWhicheverCameFirst() {
        InstanceId instance = world.launch();
        Hint earlier = new Hint("earlier", world.clock.instant());
        Hint later = new Hint("later", world.clock.instant().plusSeconds(600));
        Look one = Look.waiting(instance, World.HOOK, earlier);
        Look other = Look.waiting(instance, World.HOOK, later);
        assertEquals(Optional.of(later), one.and(other).hint());
        assertEquals(Optional.of(later), other.and(one).hint());
        assertEquals(Optional.of(later), Look.at(instance).and(other).hint());
    }

    @Test
    void anEventForAnInstanceThatIsGoneIsIgnored() {
        InstanceId instance = world.launch();
        Look event = world.event(instance);
        world.groups.remove(instance);
        assertInstanceOf(Decision.Ignore.class, world.look(event));
    }

    @Test
    void anEventOfAnotherHookIsIgnored() {
        InstanceId instance = world.launch();
        Look event = Look.waiting(instance, "backup-agent", new Hint("other", world.clock.instant()));
        assertInstanceOf(Decision.Ignore.class, world.look(event));
        assertEquals(0, world.calls.count("ledger.write"));
    }

    @Test
    void anEventOfAnotherHookDoesNotAffectOurEventInTheSameBatch() {
        InstanceId instance = world.launch();
        world.online(instance);
        Look ours = world.event(instance);
        Look other = Look.waiting(
                instance,
                "backup-agent",
                new Hint("other", world.clock.instant().plusMillis(5)));
        var decisions = world.reconciler().look(List.of(ours, other));
        assertEquals(Reason.RUN, reason(decisions.get(instance)));
        assertEquals(Optional.of("token-" + instance), world.stay(instance).token());
    }

    @Test
    void anInstanceOfAForeignGroupIsIgnored() {
        InstanceId instance = world.launch(new FleetName("somebody-elses"));
        assertInstanceOf(Decision.Ignore.class, world.look(instance));
        Look event = Look.waiting(instance, "backup-agent", new Hint("t", world.clock.instant()));
        assertInstanceOf(Decision.Ignore.class, world.look(event));
        assertEquals(0, world.calls.count("ledger.load"));
    }

    @Test
    void anUnknownStateMeansLookAgainLater() {
        InstanceId instance = world.launch();
        world.groups.state(instance, "Pending:Meditating");
        assertEquals(Reason.STATE, reason(world.look(world.event(instance))));
        Map<String, Object> line = world.journal.lines("unknown_state").get(0).fields();
        assertEquals(instance.value(), line.get("instance"));
        assertEquals("Pending:Meditating", line.get("state"));
        world.groups.state(instance, "Pending:Wait");
        world.online(instance);
        assertEquals(Reason.RUN, reason(world.look(instance)));
    }

    @Test
    void anInstanceThatIsStillArrivingIsLookedAtAgain() {
        InstanceId instance = world.launch();
        world.groups.state(instance, "Pending");
        Decision.Wait wait = assertInstanceOf(Decision.Wait.class, world.look(instance));
        assertEquals(Reason.HOOK, wait.reason());
        assertTrue(wait.lookAgain().isPresent());
    }

    @Test
    void aLaunchThatSomebodyElseCompletedIsRecordedAsSuch() {
        InstanceId instance = running(world);
        world.groups.completeElsewhere(instance, World.HOOK, true);
        world.clock.passSeconds(60);
        assertInstanceOf(Decision.Ignore.class, world.look(instance));
        Closing closing = world.stay(instance).closing().orElseThrow();
        assertEquals(Closing.Kind.ELSEWHERE, closing.kind());
        assertTrue(closing.doneAt().isPresent());
    }

    @Test
    void aDescriptionFromBeforeTheWaitEndsNoStayAndTheInstanceIsLookedAtAgain() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.look(world.event(instance));
        world.groups.state(instance, "Warmed:Stopped");
        assertEquals(Reason.STATE, reason(world.look(instance)));
        world.groups.state(instance, "Pending:Wait");
        world.succeed(instance);
        assertInstanceOf(Decision.Proceed.class, world.look(instance));
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void anInstanceThatComesBackToItsGateFromTheWarmPoolIsInANewStayAlthoughItsEventIsLost() {
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        world.minute();
        world.groups.completeElsewhere(instance, World.HOOK, true);
        world.groups.state(instance, "Warmed:Stopped");
        world.minute();
        assertEquals(
                Closing.Kind.ELSEWHERE,
                world.stay(instance).closing().orElseThrow().kind());
        world.clock.pass(World.heartbeat().multipliedBy(3));
        world.groups.state(instance, "Pending:Wait");
        world.groups.hold(instance, World.HOOK, World.heartbeat());
        world.reconciler().sweep();
        assertEquals(2, world.stay(instance).number());
        assertEquals("Pending:Wait", world.groups.state(instance));
    }

    @Test
    void aCompletionWhoseAnswerWasLostIsKnownAsDoneWhenTheInstanceIsSeenInTheWarmPool() {
        InstanceId instance = running(world);
        world.succeed(instance);
        world.calls.failAfter("groups.complete", new GantryException.Retryable("connection reset", null));
        world.look(instance);
        assertTrue(world.stay(instance).closedAt().isEmpty());
        world.groups.state(instance, "Warmed:Stopped");
        world.minute();
        assertTrue(world.stay(instance).closedAt().isPresent());
        assertEquals(
                Closing.Kind.PROVISIONED,
                world.stay(instance).closing().orElseThrow().kind());
    }

    @Test
    void theSweepDoesNotReportInstancesBeyondTheGate() {
        InstanceId instance = world.launch();
        world.groups.state(instance, "Warmed:Stopped");
        assertTrue(world.reconciler().sweep().isEmpty());
    }

    @Test
    void everyLookGetsADecision() {
        InstanceId held = world.launch();
        InstanceId gone = world.launch();
        world.groups.remove(gone);
        InstanceId foreign = world.launch(new FleetName("other"));
        var decisions = world.reconciler().look(List.of(Look.at(held), Look.at(gone), Look.at(foreign)));
        assertEquals(List.of(held, gone, foreign), List.copyOf(decisions.keySet()));
    }

    @Test
    void aCommandByHandCountsWhenVersionAndBundleAreTheFleetsCurrentOnes() {
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        String id = byHand(instance, World.DOCUMENT.version(), Optional.of(World.FIRST));
        world.succeed(instance);
        assertInstanceOf(Decision.Proceed.class, world.look(Look.ended(instance, id)));
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void aCommandByHandOfAnotherVersionOrBundleIsRecordedAndChangesNothing() {
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        List<String> ids = List.of(
                byHand(instance, "6", Optional.of(World.FIRST)),
                byHand(instance, "$LATEST", Optional.of(World.FIRST)),
                byHand(instance, World.DOCUMENT.version(), Optional.of(World.SECOND)),
                byHand(instance, World.DOCUMENT.version(), Optional.empty()),
                world.commands.sendByHand("AWS-RunShellScript", "7", Optional.of(World.FIRST), instance));
        world.succeed(instance);
        ids.forEach(id -> assertEquals(Reason.AGENT, reason(world.look(Look.ended(instance, id)))));
        assertEquals(ids.size(), world.journal.lines("command_by_hand").size());
        assertTrue(world.stay(instance).attempts().isEmpty());
    }

    @Test
    void aCommandByHandFromBeforeThisStayDoesNotCount() {
        InstanceId instance = world.launch();
        String id = byHand(instance, World.DOCUMENT.version(), Optional.of(World.FIRST));
        world.succeed(instance);
        world.clock.passSeconds(60);
        assertEquals(Reason.AGENT, reason(world.look(Look.ended(instance, id))));
    }

    @Test
    void aCommandByHandThatFailedChangesNothing() {
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        String id = byHand(instance, World.DOCUMENT.version(), Optional.of(World.FIRST));
        world.fail(instance);
        assertEquals(Reason.AGENT, reason(world.look(Look.ended(instance, id))));
        assertEquals(0, world.stay(instance).failures());
    }

    @Test
    void anEventOfAnUnknownCommandChangesNothing() {
        InstanceId instance = world.launch();
        assertEquals(Reason.AGENT, reason(world.look(Look.ended(instance, "00000000-0000-4000-8000-999999999999"))));
    }

    private String byHand(InstanceId instance, String version, Optional<dev.gantry.launch.id.BundleId> bundle) {
        return world.commands.sendByHand(World.DOCUMENT.name(), version, bundle, instance);
    }
}
