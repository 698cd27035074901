package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.twin.Killed;
import dev.gantry.launch.twin.Policies;
import dev.gantry.launch.twin.RecordingJournal.Line;
import dev.gantry.launch.twin.World;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The function is killed before and after every call that it makes, and a new one still finishes the launch. */
final class KilledTest {
    private static final int MINUTES = 40;

    @TestFactory
    Stream<DynamicTest> aGoodLaunchEntersServiceWithOneCommandWhereverTheFunctionIsKilled() {
        return everyPoint(Policy.DEFAULT, World::succeed, KilledTest::assertProvisionedOnce);
    }

    @TestFactory
    Stream<DynamicTest> aBadLaunchIsAbandonedWithItsReasonWhereverTheFunctionIsKilled() {
        return everyPoint(Policies.attempts(1), World::fail, KilledTest::assertAbandonedWithReason);
    }

    @TestFactory
    Stream<DynamicTest> aRetriedLaunchTakesOneCommandForEachAttemptWhereverTheFunctionIsKilled() {
        return everyPoint(Policies.attempts(2), World::fail, (world, instance) -> {
            List<Integer> attempts =
                    world.commands.on(instance).stream().map(a -> a.attempt()).toList();
            assertEquals(List.of(1, 2), attempts);
            assertAbandoned(world, instance);
        });
    }

    private static Stream<DynamicTest> everyPoint(
            Policy policy, BiConsumer<World, InstanceId> outcome, BiConsumer<World, InstanceId> assertion) {
        World undisturbed = new World();
        live(undisturbed, policy, outcome);
        int calls = undisturbed.calls.made().size();
        return IntStream.range(0, 2 * calls)
                .mapToObj(point -> DynamicTest.dynamicTest("killed at " + point, () -> {
                    World world = new World();
                    world.calls.killAt(point);
                    assertion.accept(world, live(world, policy, outcome));
                }));
    }

    /** A launch event, then only sweeps; a minute after a function was killed, a new one runs. */
    private static InstanceId live(World world, Policy policy, BiConsumer<World, InstanceId> outcome) {
        world.fleet(World.WEB, policy);
        InstanceId instance = world.launch();
        world.online(instance);
        Look event = world.event(instance);
        unlessKilled(world, () -> world.look(event));
        for (int minute = 0; minute < MINUTES; minute++) {
            outcome.accept(world, instance);
            world.online(instance);
            unlessKilled(world, world::minute);
        }
        return instance;
    }

    private static void unlessKilled(World world, Runnable function) {
        try {
            function.run();
        } catch (Killed killed) {
            world.calls.live();
        }
    }

    private static void assertProvisionedOnce(World world, InstanceId instance) {
        assertEquals("Pending:Proceed", world.groups.state(instance));
        assertEquals(1, world.commands.on(instance).size());
        assertEquals(1, world.groups.completions().size());
        assertEquals(1, world.stay(instance).number());
        assertEquals(
                Closing.Kind.PROVISIONED,
                world.stay(instance).closing().orElseThrow().kind());
        assertTrue(world.journal.pages().isEmpty());
    }

    private static void assertAbandonedWithReason(World world, InstanceId instance) {
        assertEquals(1, world.commands.on(instance).size());
        assertAbandoned(world, instance);
    }

    private static void assertAbandoned(World world, InstanceId instance) {
        assertEquals("Terminating", world.groups.state(instance));
        assertFalse(world.groups.completions().get(0).proceed());
        assertEquals(1, world.failures.objects().size());
        assertEquals(
                Closing.Kind.ABANDONED,
                world.stay(instance).closing().orElseThrow().kind());
        List<Line> pages = world.journal.pages();
        assertFalse(pages.isEmpty(), "nobody was paged");
        assertTrue(pages.get(0).message().contains("start nginx"));
    }
}
