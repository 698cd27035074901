package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.release.Suspension;
import dev.gantry.launch.twin.Killed;
import dev.gantry.launch.twin.Policies;
import dev.gantry.launch.twin.World;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The function that opens the breaker is killed before and after every call that it makes, and the breaker still opens. */
final class BreakerKilledTest {
    private static final int MINUTES = 5;

    @TestFactory
    Stream<DynamicTest> theGoodBundleIsRestoredWhereverTheFunctionIsKilled() {
        return everyPoint(
                world -> {
                    world.fleet(World.WEB, Policies.breaking(2, 100));
                    world.fleets.upload(World.WEB, World.SECOND);
                    Release release = world.fleets.release(World.WEB);
                    world.fleets.release(
                            World.WEB,
                            release.succeeded(World.FIRST, world.clock.instant())
                                    .withCurrent(World.SECOND));
                },
                world -> {
                    assertEquals(
                            Optional.of(World.FIRST),
                            world.fleets.release(World.WEB).current());
                    assertFalse(world.groups.isSuspended(World.WEB));
                    assertPaged(world, "breaker_opened");
                });
    }

    @TestFactory
    Stream<DynamicTest> launchesAreSuspendedAsOursWhereverTheFunctionIsKilled() {
        return everyPoint(world -> world.fleet(World.WEB, Policies.breaking(2, 100)), world -> {
            assertPaged(world, "breaker_opened");
            assertSuspendedAsOurs(world);
        });
    }

    @TestFactory
    Stream<DynamicTest> theSecondLimitHoldsWhereverTheFunctionIsKilled() {
        return everyPoint(world -> world.fleet(World.WEB, Policies.breaking(100, 1)), world -> {
            assertTrue(world.fleets.release(World.WEB).quarantined().isEmpty());
            assertSuspendedAsOurs(world);
        });
    }

    /** After a kill right after the suspension, it must still count as Gantry's. */
    private static void assertSuspendedAsOurs(World world) {
        assertEquals(Suspension.SUSPENDED, world.fleets.release(World.WEB).suspension());
        assertPaged(world, "launches_suspended");
        assertTrue(world.groups.isSuspended(World.WEB));
        assertTrue(world.operator().lift(World.WEB, Optional.empty(), "ann").accepted());
        assertFalse(world.groups.isSuspended(World.WEB));
    }

    private static void assertPaged(World world, String page) {
        int pages = world.journal.lines(page).size();
        assertTrue(pages == 1 || pages == 2, page + " was paged " + pages + " times");
    }

    private static Stream<DynamicTest> everyPoint(Consumer<World> settings, Consumer<World> assertion) {
        World undisturbed = new World();
        settings.accept(undisturbed);
        InstanceId instance = prepare(undisturbed);
        undisturbed.calls.forget();
        undisturbed.look(instance);
        int calls = undisturbed.calls.made().size();
        return IntStream.range(0, 2 * calls)
                .mapToObj(point -> DynamicTest.dynamicTest("killed at " + point, () -> {
                    World world = new World();
                    settings.accept(world);
                    InstanceId second = prepare(world);
                    world.calls.killAt(point);
                    unlessKilled(world, () -> world.look(second));
                    for (int minute = 0; minute < MINUTES; minute++) {
                        world.minute();
                    }
                    assertEquals("Terminating", world.groups.state(second));
                    assertEquals(2, world.failures.abandonments(World.WEB, Instant.EPOCH));
                    assertion.accept(world);
                }));
    }

    /** One instance has failed already; another one's failure was not observed yet. */
    private static InstanceId prepare(World world) {
        InstanceId first = failing(world);
        world.look(first);
        world.clock.passSeconds(1);
        return failing(world);
    }

    private static InstanceId failing(World world) {
        InstanceId instance = world.launch();
        world.online(instance);
        world.look(world.event(instance));
        world.clock.passSeconds(1);
        world.fail(instance);
        return instance;
    }

    private static void unlessKilled(World world, Runnable function) {
        try {
            function.run();
        } catch (Killed killed) {
            world.calls.live();
        }
    }
}
