package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.twin.Policies;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where exactly the breaker's limits are, and that nothing but a quarantine keeps a run of the same round back. */
final class BreakerLimitsTest {
    private final World world = new World();

    private void limits(int failures, int abandonments) {
        world.fleet(World.WEB, Policies.breaking(failures, abandonments));
    }

    private InstanceId failing() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.look(world.event(instance));
        world.clock.passSeconds(1);
        world.fail(instance);
        return instance;
    }

    private void failOne() {
        InstanceId instance = failing();
        assertInstanceOf(Decision.Abandon.class, world.look(instance));
        world.clock.passSeconds(1);
    }

    /** An instance that begins its run in the round in which the other one is abandoned. */
    private void assertBeginsBeside(InstanceId failing) {
        InstanceId fresh = world.launch();
        world.online(fresh);
        Decision decision = world.reconciler()
                .look(List.of(Look.at(failing), world.event(fresh)))
                .get(fresh);

        assertEquals("Terminating", world.groups.state(failing));
        assertEquals(Reason.RUN, assertInstanceOf(Decision.Wait.class, decision).reason());
    }

    private Release release() {
        return world.fleets.release(World.WEB);
    }

    @Test
    void aFailureBelowTheLimitKeepsNoRunOfItsRoundBack() {
        limits(2, 10);
        assertBeginsBeside(failing());
    }

    @Test
    void failuresFromBeforeASuccessThatTheCacheDoesNotShowKeepNoRunBack() {
        limits(2, 10);
        failOne();
        world.fleets.cacheFor(Duration.ofMinutes(1));
        InstanceId second = failing();
        succeededJustNow();
        assertBeginsBeside(second);
    }

    private void succeededJustNow() {
        world.fleets.release(World.WEB, release().succeeded(World.FIRST, world.clock.instant()));
        world.clock.passSeconds(1);
    }

    /** Counting reads the release; then comes the conditional write, which finds the success. */
    @Test
    void aSuccessBetweenTheCountAndTheWriteKeepsTheBreakerClosed() {
        limits(1, 10);
        InstanceId failing = failing();
        world.calls.meanwhile("fleets.change", () -> {});
        world.calls.meanwhile("fleets.change", this::succeededJustNow);
        assertBeginsBeside(failing);
        assertFalse(release().isQuarantined(World.FIRST));
    }

    @Test
    void aQuarantineNamesTenInstancesAndCountsTheOthers() {
        limits(10, 1000);
        fail(10);
        String ten = release().quarantined().get(World.FIRST);
        assertTrue(ten.startsWith("10 instance(s) failed since its last success (") && !ten.contains("more"), ten);

        world.operator().lift(World.WEB, java.util.Optional.of(World.FIRST), "ann");
        world.clock.passSeconds(1);
        limits(12, 1000);
        fail(12);
        String twelve = release().quarantined().get(World.FIRST);
        assertTrue(twelve.contains(" and 2 more)"), twelve);
    }

    private void fail(int count) {
        for (int n = 0; n < count; n++) {
            failOne();
        }
    }

    @Test
    void asManyAbandonmentsAsAreAllowedSuspendNothingAndNothingElseIsRead() {
        limits(100, 2);
        failOne();
        world.calls.forget();
        failOne();

        assertEquals(0, world.calls.count("fleets.change"));
        assertFalse(world.groups.isSuspended(World.WEB));
    }

    @Test
    void abandonmentsFromBeforeALiftingThatTheCacheDoesNotShowYetDoNotCount() {
        limits(100, 1);
        failOne();
        world.fleets.cacheFor(Duration.ofMinutes(1));
        InstanceId second = failing();
        world.fleets.release(World.WEB, release().resumed(world.clock.instant()));
        world.clock.passSeconds(1);
        assertInstanceOf(Decision.Abandon.class, world.look(second));

        assertFalse(world.groups.isSuspended(World.WEB));
    }
}
