package dev.gantry.launch.reconcile;

import static dev.gantry.launch.reconcile.LaunchTest.reason;
import static dev.gantry.launch.reconcile.LaunchTest.running;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.twin.Policies;
import dev.gantry.launch.twin.World;
import org.junit.jupiter.api.Test;

/** EC2 takes Spot instances back while they are launched. */
final class SpotTest {
    private static final Policy ONE_FAILURE = Policies.breaking(1, 2);

    private final World world = new World();

    @Test
    void aRunThatFailsWhileItsInstanceIsTakenBackDoesNotCountAgainstItsBundle() {
        world.fleet(World.WEB, ONE_FAILURE);
        InstanceId instance = running(world);
        world.look(Look.interrupted(instance, world.clock.instant()));
        world.clock.passSeconds(100);
        world.fail(instance);
        world.look(instance);

        Verdict verdict = world.stay(instance)
                .lastAttempt()
                .orElseThrow()
                .end()
                .orElseThrow()
                .verdict();
        String detail = assertInstanceOf(Verdict.Undelivered.class, verdict).detail();
        assertTrue(detail.startsWith("EC2 takes the Spot instance back"), detail);
        assertEquals(Release.NONE.quarantined(), world.fleets.release(World.WEB).quarantined());
        assertTrue(world.journal.pages().isEmpty());
    }

    @Test
    void noRunBeginsOnAnInstanceThatIsTakenBack() {
        InstanceId instance = world.launch();
        world.online(instance);
        assertEquals(Reason.INTERRUPTION, reason(world.look(Look.interrupted(instance, world.clock.instant()))));
        assertEquals(Reason.INTERRUPTION, reason(world.look(instance)));
        assertEquals(0, world.commands.on(instance).size());
    }

    @Test
    void theRecordSaysWhyTheInstanceIsGone() {
        InstanceId instance = running(world);
        world.look(Look.interrupted(instance, world.clock.instant()));
        world.groups.state(instance, "Terminating:Wait");
        world.look(instance);

        Closing closing = world.stay(instance).closing().orElseThrow();
        assertEquals(Closing.Kind.ELSEWHERE, closing.kind());
        assertEquals(
                "EC2 took this Spot instance back: the instance was seen Terminating:Wait, and Gantry had not"
                        + " completed its launch",
                closing.why());
    }

    @Test
    void afterAFalseAlarmTheLaunchGoesOn() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.look(Look.interrupted(instance, world.clock.instant()));
        world.clock.passSeconds(5 * 60);
        world.online(instance);
        assertEquals(Reason.RUN, reason(world.look(instance)));
    }

    @Test
    void aFailureThatWasKnownBeforeTheAlarmCounts() {
        world.fleet(World.WEB, ONE_FAILURE);
        InstanceId instance = running(world);
        world.fail(instance);
        assertInstanceOf(Decision.Abandon.class, world.look(instance));
        world.look(Look.interrupted(instance, world.clock.instant()));
        assertEquals(1, world.fleets.release(World.WEB).quarantined().size());
    }
}
