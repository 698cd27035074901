package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.twin.World;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Instances that stop waiting without a signal. */
class DeparturesTest {
    private static final FleetName OTHER = new FleetName("other");

    private final World world = new World();

    /** Its stay is too young to be closed by a description of then, and it is not at a gate. */
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
    void anInstanceThatMovedToAnotherGroupIsGoneFromItsOwnAndNotLookedAtUnderItsSettings() {
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
}
