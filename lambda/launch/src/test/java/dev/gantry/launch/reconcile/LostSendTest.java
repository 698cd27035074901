package dev.gantry.launch.reconcile;

import static dev.gantry.launch.reconcile.LaunchTest.reason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rule 4: at most one claimed run for each attempt, whatever happens to its send. */
final class LostSendTest {
    private final World world = new World();

    @Test
    void anInstanceThatIsNotAcceptedAffectsNoOtherAndIsTriedAgain() {
        InstanceId good = world.launch();
        InstanceId bad = world.launch();
        List.of(good, bad).forEach(world::online);
        world.commands.doesNotKnow(bad);
        var decisions = world.reconciler().look(List.of(world.event(good), world.event(bad)));
        assertEquals(Reason.RUN, reason(decisions.get(good)));
        assertEquals(Reason.AGENT, reason(decisions.get(bad)));
        assertTrue(world.stay(bad).attempts().isEmpty(), "nothing was sent, so nothing was tried");

        world.clock.passSeconds(5);
        world.commands.knowsAgain(bad);
        assertEquals(Reason.RUN, reason(world.look(bad)));
        assertEquals(1, world.commands.on(bad).get(0).attempt());
    }

    @Test
    void aSearchForALostSendProvesNothingForAnInstanceThatClaimedTheRunLater() {
        InstanceId lost = world.launch();
        InstanceId young = world.launch();
        RunId run = new RunId("run-00000001");
        Stay stay = Stay.first(Gate.SERVICE, Optional.empty(), world.clock.instant())
                .withHeartbeat(world.clock.instant());
        Attempt claimed = Attempt.claimed(1, run, "owner-1", World.FIRST, world.clock.instant());
        world.ledger.put(World.WEB, lost, stay.with(claimed));
        world.clock.pass(World.TAKEOVER);
        world.ledger.put(World.WEB, young, stay.with(claimed.reclaimed("owner-2", world.clock.instant())));

        world.reconciler().look(List.of(Look.at(lost), Look.at(young)));

        assertEquals(1, world.stay(lost).lastAttempt().orElseThrow().absence().looks());
        assertEquals(0, world.stay(young).lastAttempt().orElseThrow().absence().looks());
    }

    /** The command is as old as the first of the claims; the second instance's was written again later. */
    @Test
    void aLostSendIsSearchedSinceTheFirstOfItsClaims() {
        List<InstanceId> both = world.launch(2);
        both.forEach(world::online);
        world.commands.loseNextAnswer();
        world.reconciler().look(both.stream().map(world::event).toList());
        Stay second = world.stay(both.get(1));
        Attempt claim = second.lastAttempt().orElseThrow();
        world.clock.passSeconds(10);
        world.ledger.put(World.WEB, both.get(1), second.with(claim.reclaimed("owner-9", world.clock.instant())));
        world.clock.pass(World.TAKEOVER);
        world.reconciler().look(both.stream().map(Look::at).toList());

        both.forEach(i ->
                assertTrue(world.stay(i).lastAttempt().orElseThrow().commandId().isPresent(), i::value));
    }

    @Test
    void aThrottledSendIsSimplyRepeated() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.commands.refuseNext(new GantryException.Retryable("Rate exceeded", null));
        assertEquals(Reason.RETRYABLE, reason(world.look(world.event(instance))));
        assertEquals(Reason.RUN, reason(world.look(instance)));
        assertEquals(1, world.commands.on(instance).size());
        assertTrue(world.journal.pages().isEmpty());
    }

    @Test
    void aSendWhoseAnswerWasLostIsFoundByItsRunIdAndNotRepeated() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.commands.loseNextAnswer();
        assertEquals(Reason.CLAIM, reason(world.look(world.event(instance))));
        world.clock.pass(World.TAKEOVER.minusSeconds(1));
        assertEquals(Reason.CLAIM, reason(world.look(instance)));
        assertEquals(0, world.calls.count("commands.find"), "the claim's owner may still be at work");
        world.clock.passSeconds(1);
        assertEquals(Reason.RUN, reason(world.look(instance)));
        world.succeed(instance);
        world.look(instance);
        assertEquals("Pending:Proceed", world.groups.state(instance));
        assertEquals(1, world.commands.on(instance).size());
    }

    @Test
    void aLostSendIsRepeatedWithItsRunIdOnceThreeLooksOverAMinuteHaveNotFoundIt() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.commands.loseNextRequest();
        world.look(world.event(instance));
        world.clock.pass(World.TAKEOVER);
        assertEquals(Reason.CLAIM, reason(world.look(instance)));
        world.clock.passSeconds(30);
        assertEquals(Reason.CLAIM, reason(world.look(instance)));
        world.clock.passSeconds(29);
        assertEquals(Reason.CLAIM, reason(world.look(instance)), "three looks, but over 59 s only");
        world.clock.passSeconds(1);
        assertEquals(Reason.RUN, reason(world.look(instance)));
        assertEquals(1, world.commands.on(instance).size());
        assertEquals(new RunId("run-00000001"), run(instance, 0));
        assertEquals(1, world.commands.on(instance).get(0).attempt());
    }

    @Test
    void twoLooksOverAMinuteProveNothing() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.commands.loseNextRequest();
        world.look(world.event(instance));
        world.clock.pass(World.TAKEOVER);
        world.look(instance);
        world.clock.passSeconds(90);
        assertEquals(Reason.CLAIM, reason(world.look(instance)));
        assertTrue(world.commands.on(instance).isEmpty());
    }

    @Test
    void aCommandThatTheListsShowLateIsFoundBeforeItIsRepeated() {
        world.commands.listsLag(World.TAKEOVER.plusSeconds(45));
        InstanceId instance = world.launch();
        world.online(instance);
        world.commands.loseNextAnswer();
        world.look(world.event(instance));
        for (int minute = 0; minute < 6; minute++) {
            world.minute();
        }
        assertEquals(1, world.commands.on(instance).size());
        assertEquals(1, world.stay(instance).attempts().size());
        assertTrue(world.stay(instance).attempts().get(0).commandId().isPresent());
    }

    @Test
    void aRepeatedSendThatIsRefusedKeepsItsRunId() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.commands.loseNextRequest();
        world.commands.refuseNext(new GantryException.Retryable("Rate exceeded", null));
        world.look(world.event(instance));
        for (int minute = 0; minute < 10; minute++) {
            world.minute();
        }
        assertEquals(1, world.commands.on(instance).size());
        assertEquals(new RunId("run-00000001"), run(instance, 0));
    }

    @Test
    void onlyOneOfTwoWorkersThatClaimAtOnceSends() {
        InstanceId instance = world.launch();
        world.online(instance);
        Look event = world.event(instance);
        world.calls.meanwhile("ledger.write", () -> world.look(event));
        assertEquals(Reason.CLAIM, reason(world.look(event)));
        assertEquals(1, world.commands.on(instance).size());
        assertEquals("owner-2", world.stay(instance).attempts().get(0).owner());
    }

    @Test
    void aClaimWhoseAnswerWasLostSendsNothingUntilItIsTakenOver() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.ledger.loseNextAnswer(instance);
        assertEquals(Reason.RETRYABLE, reason(world.look(world.event(instance))));
        assertEquals(0, world.calls.count("commands.send"));
        assertEquals(Reason.CLAIM, reason(world.look(instance)));
        for (int minute = 0; minute < 6; minute++) {
            world.minute();
        }
        assertEquals(1, world.commands.on(instance).size());
    }

    @Test
    void aRunThatEndedBeforeItsCommandIdWasStoredIsLearnedFromItsEvent() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.commands.loseNextAnswer();
        world.look(world.event(instance));
        world.clock.passSeconds(20);
        world.succeed(instance);
        world.look(Look.ended(instance, world.commands.on(instance).get(0).id()));
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void theSecondAttemptHasARunIdOfItsOwn() {
        InstanceId instance = LaunchTest.running(world);
        world.fail(instance);
        world.look(instance);
        world.clock.pass(Duration.ofSeconds(30));
        world.look(instance);
        assertNotEquals(run(instance, 0), run(instance, 1));
    }

    @Test
    void instancesOfDifferentAttemptsDoNotShareACommand() {
        InstanceId second = LaunchTest.running(world);
        world.fail(second);
        world.look(second);
        world.clock.passSeconds(30);
        InstanceId first = world.launch();
        world.online(first);
        world.reconciler().look(List.of(world.event(first), Look.at(second)));
        assertNotEquals(run(first, 0), run(second, 1));
    }

    private RunId run(InstanceId instance, int index) {
        return world.commands.on(instance).get(index).command().run().orElseThrow();
    }
}
