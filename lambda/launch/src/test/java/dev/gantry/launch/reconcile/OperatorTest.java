package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.release.Change;
import dev.gantry.launch.release.LaunchProcess;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.release.Suspension;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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
        assertTrue(world.operator().propose(World.WEB, World.SECOND, "ann").accepted());
        assertEquals(Optional.of(World.SECOND), world.fleets.release(World.WEB).current());
    }

    @Test
    void aBundleThatIsNotInTheBucketIsRefused() {
        Operator.Response answer = world.operator().propose(World.WEB, World.SECOND, "ann");
        assertFalse(answer.accepted());
        assertTrue(answer.message().contains("publish it first"));
        assertEquals(Optional.of(World.FIRST), world.fleets.release(World.WEB).current());
    }

    @Test
    void aBundleOfAnotherFleetIsRefused() {
        world.fleets.upload(new FleetName("other"), World.SECOND);
        assertFalse(world.operator().propose(World.WEB, World.SECOND, "ann").accepted());
    }

    @Test
    void aQuarantinedBundleIsRefusedWithItsReason() {
        world.fleets.release(World.WEB, BROKEN_OPEN);
        Operator.Response answer = world.operator().propose(World.WEB, World.FIRST, "ann");
        assertFalse(answer.accepted());
        assertTrue(answer.message().contains("three failures"), answer.message());
    }

    @Test
    void aGroupThatIsNoFleetIsRefused() {
        FleetName stranger = new FleetName("stranger");
        assertFalse(world.operator().propose(stranger, World.FIRST, "ann").accepted());
        assertFalse(world.operator().lift(stranger, Optional.empty(), "ann").accepted());
    }

    @Test
    void liftingEndsTheQuarantineAndResumesLaunches() {
        world.fleets.release(World.WEB, BROKEN_OPEN);
        assertTrue(world.operator()
                .lift(World.WEB, Optional.of(World.FIRST), "ann")
                .accepted());
        assertEquals(Optional.of(World.FIRST), world.fleets.release(World.WEB).launchable());
        assertEquals(Suspension.NONE, world.fleets.release(World.WEB).suspension());
        assertEquals(List.of(World.WEB), world.groups.resumed());
    }

    private String history() {
        return world.fleets.release(World.WEB).changes().stream()
                .map(change -> change.kind() + " " + change.by()
                        + change.bundle().map(bundle -> " " + bundle.brief()).orElse(""))
                .collect(Collectors.joining("; "));
    }

    @Test
    void eachChangeIsRecordedWithItsCallerTheNewestFirst() {
        world.fleets.upload(World.WEB, World.SECOND);
        world.operator().propose(World.WEB, World.SECOND, "ann");
        world.operator().propose(World.WEB, World.FIRST, "bob");

        assertEquals("CURRENT bob " + World.FIRST.brief() + "; CURRENT ann " + World.SECOND.brief(), history());
        assertEquals(
                world.clock.instant(),
                world.fleets.release(World.WEB).changes().get(0).at());
    }

    @Test
    void aProposalThatChangesNothingIsNoChange() {
        assertTrue(world.operator().propose(World.WEB, World.FIRST, "ann").accepted());
        world.operator().propose(World.WEB, World.SECOND, "ann");

        assertEquals("", history());
    }

    @Test
    void liftingIsRecordedAsTheEndOfTheQuarantineAndOfTheSuspension() {
        world.fleets.release(World.WEB, BROKEN_OPEN);
        world.operator().lift(World.WEB, Optional.of(World.FIRST), "ann");

        assertEquals("RESUMED ann; LIFTED ann " + World.FIRST.brief(), history());
    }

    @Test
    void onlyTheNewestChangesAreKept() {
        world.fleets.upload(World.WEB, World.SECOND);
        for (int i = 0; i < Release.KEPT; i++) {
            world.operator().propose(World.WEB, World.SECOND, "ann");
            world.operator().propose(World.WEB, World.FIRST, "bob");
        }

        List<Change> changes = world.fleets.release(World.WEB).changes();
        assertEquals(Release.KEPT, changes.size());
        assertEquals("bob", changes.get(0).by());
    }

    @Test
    void launchesThatGantryDidNotSuspendAreNotResumed() {
        assertFalse(world.operator().lift(World.WEB, Optional.empty(), "ann").accepted());
        assertTrue(world.groups.resumed().isEmpty());
    }

    @Test
    void aResumeThatFailsCanBeRepeated() {
        world.fleets.release(World.WEB, BROKEN_OPEN);
        world.calls.failBefore("groups.resumeLaunch", new GantryException.Retryable("Rate exceeded", null));
        Operator operator = world.operator();
        Assertions.assertThrows(
                GantryException.Retryable.class, () -> operator.lift(World.WEB, Optional.of(World.FIRST), "ann"));
        assertTrue(operator.lift(World.WEB, Optional.of(World.FIRST), "ann").accepted());
        assertEquals(List.of(World.WEB), world.groups.resumed());
    }

    @Test
    void liftingSeesAQuarantineThatIsYoungerThanTheCache() {
        world.fleets.cacheFor(Duration.ofMinutes(1));
        world.fleets.find(World.WEB);
        world.fleets.release(World.WEB, BROKEN_OPEN);
        assertTrue(world.operator()
                .lift(World.WEB, Optional.of(World.FIRST), "ann")
                .accepted());
        assertEquals(List.of(World.WEB), world.groups.resumed());
    }
}
