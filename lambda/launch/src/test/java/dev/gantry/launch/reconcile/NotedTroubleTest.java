package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.twin.World;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is noted on a stay about what prevents its run. */
final class NotedTroubleTest {
    private final World world = new World();

    private InstanceId online() {
        InstanceId instance = world.launch();
        world.online(instance);
        return instance;
    }

    @Test
    void aMisconfigurationIsNotedWithItsKeyAndTheTimeOfTheLook() {
        world.fleets.trouble(
                World.WEB, new Trouble(Trouble.Kind.MISCONFIGURED, "no such document", Instant.EPOCH, "own key"));
        InstanceId instance = online();
        world.look(instance);

        assertEquals(
                Optional.of(
                        new Trouble(Trouble.Kind.MISCONFIGURED, "no such document", world.clock.instant(), "own key")),
                world.stay(instance).trouble());
    }

    @Test
    void whileARunGoesOnOnlyAMisconfigurationIsNoted() {
        InstanceId instance = online();
        world.look(instance);
        world.fleets.trouble(World.WEB, new Trouble(Trouble.Kind.RETRYABLE, "S3 is slow", Instant.EPOCH));
        world.look(instance);
        assertEquals(Optional.empty(), world.stay(instance).trouble());

        Trouble wrong = new Trouble(Trouble.Kind.MISCONFIGURED, "no such document", Instant.EPOCH);
        world.fleets.trouble(World.WEB, wrong);
        world.look(instance);
        assertEquals(
                Optional.of(wrong.at(world.clock.instant())),
                world.stay(instance).trouble());
    }

    @Test
    void aCallThatFailedIsLoggedWithItsInstance() {
        InstanceId instance = online();
        world.look(instance);
        world.clock.pass(World.heartbeat().dividedBy(2));
        world.calls.failBefore("groups.heartbeat", new GantryException.Retryable("Rate exceeded", null));
        world.look(instance);

        assertEquals(
                Map.of("fleet", "web", "instance", instance.value(), "kind", "RETRYABLE", "error", "Rate exceeded"),
                world.journal.lines("look_failed").get(0).fields());
    }

    @Test
    void anEventAboutAClosedStaysCommandIsNotLookedUp() {
        InstanceId instance = online();
        world.look(world.event(instance));
        world.succeed(instance);
        world.look(instance);
        world.groups.state(instance, "Pending:Wait");
        world.calls.forget();
        world.look(Look.ended(instance, "00000000-0000-4000-8000-999999999999"));

        assertEquals(0, world.calls.count("commands.describe"));
    }
}
