package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Ahead;
import dev.gantry.launch.stay.Hint;
import dev.gantry.launch.twin.CountingIds;
import dev.gantry.launch.twin.World;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is read before it is needed: what an event names, and nothing else. */
final class AheadTest {
    /** Reads when it is told to start, as a thread of the function may. */
    private static final Ahead AT_ONCE = new Ahead() {
        @Override
        public <T> Supplier<T> start(Supplier<T> reading) {
            T answer = reading.get();
            return () -> answer;
        }
    };

    private final World world = new World();

    private void look(InstanceId instance) {
        Hint hint = new Hint("token", world.clock.instant(), Optional.empty(), Optional.of(World.WEB));
        look(Look.waiting(instance, World.HOOK, hint));
    }

    private void look(Look look) {
        Ports ports = new Ports(
                world.groups,
                world.agents,
                world.commands,
                world.bastion,
                new Ports.Stored(world.ledger, world.fleets, world.failures),
                world.journal,
                new Ports.Worker(new CountingIds(), world.clock, World.TAKEOVER),
                AT_ONCE);
        new Reconciler(ports).look(List.of(look));
    }

    @Test
    void theFleetThatAnEventNamesIsReadBesideTheDescriptionOfItsInstance() {
        InstanceId instance = world.launch();
        world.online(instance);
        look(instance);

        assertEquals(
                List.of("fleets.find", "groups.describe", "ledger.load", "agents.describe", "fleets.find"),
                world.calls.made().subList(0, 5));
        assertEquals(1, world.calls.count("ledger.load"));
        assertEquals(1, world.calls.count("agents.describe"));
        assertEquals(1, world.commands.on(instance).size());
    }

    @Test
    void anInstanceThatIsNotAtAGateNeedsNoAgent() {
        InstanceId instance = world.launch();
        world.groups.state(instance, "Warmed:Stopped");
        look(instance);

        assertEquals(0, world.calls.count("agents.describe"));
    }

    @Test
    void anInstanceThatNoEventNamesIsAskedForItsAgentOnlyIfItNeedsIt() {
        InstanceId instance = world.launch();
        world.online(instance);
        look(instance);
        world.calls.forget();
        look(Look.at(instance));

        assertEquals(0, world.calls.count("agents.describe"));
    }

    @Test
    void anInstanceThatIsStillThereIsNotTakenForGone() {
        InstanceId instance = world.launch();
        look(instance);
        world.clock.passSeconds(90);
        look(instance);

        assertTrue(world.stay(instance).isOpen());
    }
}
