package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.release.LaunchProcess;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.release.Suspension;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

final class OperatorTest {
    private static final Release BROKEN_OPEN = Release.NONE
            .withCurrent(World.FIRST)
            .opened(World.FIRST, "three failures", LaunchProcess.RUNNING)
            .suspended();

    private final World world = new World();

    @Test
    void aPublishedBundleBecomesCurrent() {
        world.fleets.upload(World.WEB, World.SECOND);
        assertTrue(world.operator().propose(World.WEB, World.SECOND).accepted());
        assertEquals(Optional.of(World.SECOND), world.fleets.release(World.WEB).current());
    }

    @Test
    void aBundleThatIsNotInTheBucketIsRefused() {
        Operator.Answer answer = world.operator().propose(World.WEB, World.SECOND);
        assertFalse(answer.accepted());
        assertTrue(answer.message().contains("publish it first"));
        assertEquals(Optional.of(World.FIRST), world.fleets.release(World.WEB).current());
    }

    @Test
    void aBundleOfAnotherFleetIsRefused() {
        world.fleets.upload(new FleetName("other"), World.SECOND);
        assertFalse(world.operator().propose(World.WEB, World.SECOND).accepted());
    }

    @Test
    void aQuarantinedBundleIsRefusedWithItsReason() {
        world.fleets.release(World.WEB, BROKEN_OPEN);
        Operator.Answer answer = world.operator().propose(World.WEB, World.FIRST);
        assertFalse(answer.accepted());
        assertTrue(answer.message().contains("three failures"), answer.message());
    }

    @Test
    void aGroupThatIsNoFleetIsRefused() {
        FleetName stranger = new FleetName("stranger");
        assertFalse(world.operator().propose(stranger, World.FIRST).accepted());
        assertFalse(world.operator().lift(stranger, Optional.empty()).accepted());
    }

    @Test
    void liftingEndsTheQuarantineAndResumesLaunches() {
        world.fleets.release(World.WEB, BROKEN_OPEN);
        assertTrue(world.operator().lift(World.WEB, Optional.of(World.FIRST)).accepted());
        assertEquals(Optional.of(World.FIRST), world.fleets.release(World.WEB).launchable());
        assertEquals(Suspension.NONE, world.fleets.release(World.WEB).suspension());
        assertEquals(List.of(World.WEB), world.groups.resumed());
    }

    @Test
    void launchesThatGantryDidNotSuspendAreNotResumed() {
        assertFalse(world.operator().lift(World.WEB, Optional.empty()).accepted());
        assertTrue(world.groups.resumed().isEmpty());
    }

    @Test
    void aResumeThatFailsCanBeRepeated() {
        world.fleets.release(World.WEB, BROKEN_OPEN);
        world.calls.failBefore("groups.resumeLaunch", new GantryException.Retryable("Rate exceeded", null));
        Operator operator = world.operator();
        Assertions.assertThrows(
                GantryException.Retryable.class, () -> operator.lift(World.WEB, Optional.of(World.FIRST)));
        assertTrue(operator.lift(World.WEB, Optional.of(World.FIRST)).accepted());
        assertEquals(List.of(World.WEB), world.groups.resumed());
    }

    @Test
    void liftingSeesAQuarantineThatIsYoungerThanTheCache() {
        world.fleets.cacheFor(Duration.ofMinutes(1));
        world.fleets.find(World.WEB);
        world.fleets.release(World.WEB, BROKEN_OPEN);
        assertTrue(world.operator().lift(World.WEB, Optional.of(World.FIRST)).accepted());
        assertEquals(List.of(World.WEB), world.groups.resumed());
    }
}
