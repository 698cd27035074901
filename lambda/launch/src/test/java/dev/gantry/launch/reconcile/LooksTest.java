package dev.gantry.launch.reconcile;

import static dev.gantry.launch.reconcile.LaunchTest.running;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands.Expected;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.stay.Silence;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a look asks of AWS, what it answers, and what it remembers. */
final class LooksTest {
    private final World world = new World();

    @Test
    void twoSignalsTogetherHaveTheProgressOfBothCommands() {
        InstanceId instance = world.launch();
        Progress succeeded = new Progress.Ended(new Verdict.Succeeded());
        Progress goingOn = new Progress.UnderWay("InProgress");

        assertEquals(
                Map.of("one", succeeded, "two", goingOn),
                Look.ended(instance, "one", succeeded)
                        .and(Look.ended(instance, "two", goingOn))
                        .learned());
    }

    @Test
    void aRunThatHasItsCommandIsAskedForItsProgressAndNothingElse() {
        InstanceId instance = running(world);
        world.clock.pass(World.TAKEOVER);
        world.calls.forget();
        world.look(Look.ended(instance, world.commands.on(instance).get(0).id()));

        assertEquals(1, world.calls.count("commands.progress"));
        assertEquals(0, world.calls.count("commands.find"));
        assertEquals(0, world.calls.count("commands.describe"));
    }

    @Test
    void aRunThatAnEventReportedAsEndedIsExpectedToHaveSucceeded() {
        InstanceId instance = running(world);
        world.look(instance);
        world.look(Look.ended(instance, world.commands.on(instance).get(0).id()));

        assertEquals(List.of(Expected.ANYTHING, Expected.SUCCESS), world.commands.expected());
    }

    @Test
    void theSweepAnswersWithTheDecisionAboutEachWaitingInstance() {
        InstanceId instance = world.launch();

        assertEquals(Set.of(instance), world.reconciler().sweep().keySet());
        assertEquals(
                Set.of(instance),
                world.reconciler().sweep(world.clock.instant().plusSeconds(60)).keySet());
        assertInstanceOf(Decision.Wait.class, world.reconciler().sweep().get(instance));
    }

    @Test
    void onlyAFleetWithAFallbackRemembersThatSystemsManagerDidNotAnswer() {
        world.calls.isAway("agents.", new GantryException.Retryable("Rate exceeded", null));
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        assertEquals(Optional.empty(), world.stay(instance).silence());

        world.fallingBack(Duration.ofMinutes(12));
        world.look(instance);
        assertEquals(
                Optional.of(Silence.from(world.clock.instant())),
                world.stay(instance).silence());
    }

    /** The run goes on, and its end is asked for again: a call that failed once says nothing about the fleet. */
    @Test
    void aQuestionAboutRunsThatFailsOnceIsNoTroubleOfTheFleet() {
        InstanceId instance = running(world);
        InstanceId other = world.launch();
        world.online(other);
        world.calls.failBefore("commands.progress", new GantryException.Retryable("Rate exceeded", null));

        world.reconciler().sweep();
        assertEquals(1, world.commands.on(other).size(), "its run began anyway");
        assertEquals(1, world.journal.lines("runs_not_learned").size());
        assertEquals(Optional.empty(), world.stay(instance).trouble());
    }

    @Test
    void anInstanceThatIsNotAtAGateIsNotRenewedAlthoughItsRecordCannotBeRead() {
        InstanceId instance = world.launch();
        world.groups.state(instance, "Warmed:Stopped");
        world.ledger.breakObject(instance, new GantryException.Misconfigured("no JSON"));
        world.look(instance);
        assertEquals(0, world.calls.count("groups.heartbeat"));

        world.groups.state(instance, "Pending:Wait");
        world.look(instance);
        assertEquals(1, world.calls.count("groups.heartbeat"));
    }

    @Test
    void aDeploymentWithoutABastionIsNoTroubleForAFleetWithoutAFallback() {
        world.bastion.isMissing("the deployment has no bastion");
        InstanceId instance = running(world);

        assertEquals(1, world.commands.on(instance).size());
        assertEquals(Optional.empty(), world.stay(instance).trouble());
    }

    @Test
    void anInstanceThatIsGoneIsFollowedUntilItsRecordIsClosedAndNoLonger() {
        InstanceId instance = world.launch();
        world.minute();
        assertEquals(Set.of(instance), waiting());
        world.groups.remove(instance);
        world.clock.passSeconds(60);
        world.minute();

        assertEquals(Set.of(), waiting());
        assertEquals(Optional.of(world.clock.instant()), world.stay(instance).closedAt());
    }

    private Set<InstanceId> waiting() {
        Ledger.Waiting known = world.ledger.waiting(World.WEB);
        return known.instances();
    }
}
