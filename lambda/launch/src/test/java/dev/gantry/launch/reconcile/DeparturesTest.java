package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Hint;
import dev.gantry.launch.twin.World;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Instances that stop waiting without a signal. */
class DeparturesTest {
    private static final FleetName OTHER = new FleetName("other");

    private final World world = new World();

    /** Its stay is too young for that description to close it, and it is not at a gate. */
    @Test
    void anInstanceThatNoSweepSawAtItsGateHasItsRecordClosedAfterItIsInService() {
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        world.groups.state(instance, "Pending:Proceed");
        world.clock.passSeconds(50);
        world.reconciler().sweep();
        world.groups.state(instance, "InService");

        world.minute();

        assertEquals(
                Closing.Kind.ELSEWHERE,
                world.stay(instance).closing().orElseThrow().kind());
    }

    @Test
    void anInstanceThatMovedToAnotherGroupIsNotLookedAtUnderTheSettingsOfItsFirst() {
        world.fleet(OTHER, Policy.DEFAULT);
        InstanceId instance = world.launch();
        world.minute();
        world.groups.put(instance, OTHER, "InService");

        world.minute();
        world.minute();

        Closing closing = world.stay(instance).closing().orElseThrow();
        assertEquals(Closing.Kind.ELSEWHERE, closing.kind());
        assertEquals("the instance is gone, and Gantry had not completed its launch", closing.why());
        assertEquals(Optional.empty(), world.ledger.stay(OTHER, instance));
    }

    @Test
    void aRecordThatIsClosedAlreadyIsNotWrittenAgainWhenItsInstanceIsGone() {
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        Look message = new Look(
                instance,
                Optional.of(World.HOOK),
                Optional.of(new Hint("token", world.clock.instant(), Optional.empty(), Optional.of(World.WEB))),
                Set.of(),
                Optional.empty(),
                Map.of());
        world.groups.remove(instance);
        world.clock.passSeconds(70);
        world.look(message);
        assertTrue(world.stay(instance).closedAt().isPresent());
        world.calls.forget();

        world.look(message);
        assertEquals(0, world.calls.count("ledger.write"));
    }

    @Test
    void aSweepThatCannotReadWhichInstancesWaitedSaysSoAndLooksAtThoseThatWaitNow() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.calls.failBefore("ledger.waiting", new GantryException.Retryable("S3 is slow", null));
        world.reconciler().sweep();

        assertEquals(
                Map.of("fleet", "web", "kind", "RETRYABLE", "error", "S3 is slow"),
                world.journal.lines("look_failed").get(0).fields());
        assertEquals(1, world.commands.on(instance).size());
    }

    private Set<InstanceId> followed() {
        return world.ledger.waiting(World.WEB).instances();
    }

    /** Its record was opened so recently that the description may be the older one. */
    @Test
    void anInstanceThatLeftSecondsAfterItsStayBeganIsFollowedUntilItsRecordCanBeClosed() {
        InstanceId instance = world.launch();
        world.reconciler().sweep();
        world.groups.remove(instance);
        world.clock.passSeconds(10);
        world.reconciler().sweep();
        assertEquals(Set.of(instance), followed());
        assertTrue(world.stay(instance).isOpen());

        world.clock.passSeconds(60);
        world.reconciler().sweep();
        assertEquals(Set.of(), followed());
        assertTrue(world.stay(instance).closedAt().isPresent());
    }

    @Test
    void anInstanceThatWentIntoServiceWithoutGantryIsFollowedUntilThatIsWritten() {
        InstanceId instance = world.launch();
        world.reconciler().sweep();
        world.groups.state(instance, "InService");
        world.clock.passSeconds(90);
        world.ledger.failNextWrite(instance, new GantryException.Retryable("S3 did not answer", null));
        world.reconciler().sweep();
        assertEquals(Set.of(instance), followed());
        assertTrue(world.stay(instance).isOpen());

        world.reconciler().sweep();
        assertEquals(Set.of(), followed());
        Closing closing = world.stay(instance).closing().orElseThrow();
        assertEquals("the instance was seen InService, and Gantry had not completed its launch", closing.why());
    }
}
