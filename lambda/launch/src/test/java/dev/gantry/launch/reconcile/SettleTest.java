package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.twin.Policies;
import dev.gantry.launch.twin.World;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What "no active action" means for a completion, if another hook holds the instance or a description is late. */
final class SettleTest {
    private final World world = new World();

    /** Without an event, so that its action is not known by a token; another hook holds the instance for two hours. */
    private InstanceId held() {
        InstanceId instance = world.launch();
        world.groups.hold(instance, "backup-agent", World.heartbeat().multipliedBy(4));
        world.online(instance);
        world.look(instance);
        return instance;
    }

    private Closing closing(InstanceId instance) {
        return world.stay(instance).closing().orElseThrow();
    }

    private void loseTheAnswer(InstanceId instance) {
        world.calls.failAfter("groups.complete", new GantryException.Retryable("timeout", null));
        assertWaits(Reason.RETRYABLE, world.look(instance));
    }

    private static void assertWaits(Reason reason, Decision decision) {
        assertEquals(reason, assertInstanceOf(Decision.Wait.class, decision).reason());
    }

    @Test
    void aSecondTryThatFindsNoActionShowsThatTheFirstOneWasAccepted() {
        InstanceId instance = held();
        world.clock.passSeconds(90);
        world.succeed(instance);
        loseTheAnswer(instance);
        Instant now = world.clock.instant();

        assertInstanceOf(Decision.Proceed.class, world.look(instance));
        assertEquals(Closing.Kind.PROVISIONED, closing(instance).kind());
        assertEquals(Optional.of(now), closing(instance).doneAt());
        assertEquals(1, world.groups.completions().size());
    }

    @Test
    void aYoungStaysDescriptionProvesNothing() {
        InstanceId instance = held();
        world.succeed(instance);
        loseTheAnswer(instance);

        assertWaits(Reason.HOOK, world.look(instance));
        assertEquals(Optional.empty(), closing(instance).doneAt());
    }

    @Test
    void aHookWhoseNameIsAGuessProvesNothing() {
        InstanceId instance = held();
        world.clock.passSeconds(90);
        world.succeed(instance);
        loseTheAnswer(instance);
        world.fleets.breakSettings(World.WEB, "settings.json: no JSON");

        assertWaits(Reason.HOOK, world.look(instance));
        assertEquals(Optional.empty(), closing(instance).doneAt());
    }

    /** An abandonment that AWS accepted ends the instance, so a description that shows it waiting is late. */
    @Test
    void anAbandonedInstanceThatIsStillDescribedAtItsGateIsLookedAtAgain() {
        world.fleet(World.WEB, Policies.attempts(1));
        InstanceId instance = held();
        world.clock.passSeconds(90);
        world.fail(instance);
        loseTheAnswer(instance);
        world.groups.state(instance, "Pending:Wait");

        assertWaits(Reason.HOOK, world.look(instance));
        assertEquals(Optional.empty(), closing(instance).doneAt());
        world.groups.state(instance, "Terminating");
        world.look(instance);
        assertEquals(Optional.of(world.clock.instant()), closing(instance).doneAt());
        assertEquals(Closing.Kind.ABANDONED, closing(instance).kind());
    }

    /** Seconds after it was opened, "Pending:Proceed" can be the description from before this wait. */
    @Test
    void aYoungInstanceThatIsDescribedBeyondItsGateIsLookedAtAgain() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.look(world.event(instance));
        world.succeed(instance);
        world.calls.meanwhile("groups.complete", () -> world.groups.completeElsewhere(instance, World.HOOK, true));

        assertWaits(Reason.STATE, world.look(instance));
        world.clock.passSeconds(60);
        world.look(instance);
        assertEquals(Closing.Kind.PROVISIONED, closing(instance).kind());
        assertEquals(Optional.of(world.clock.instant()), closing(instance).doneAt());
    }

    @Test
    void anInstanceThatCannotBeDescribedAfterItsCompletionIsLookedAtAgain() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.look(world.event(instance));
        world.succeed(instance);
        world.calls.meanwhile("groups.complete", () -> {
            world.groups.completeElsewhere(instance, World.HOOK, true);
            world.calls.failBefore("groups.describe", new GantryException.Retryable("Rate exceeded", null));
        });

        assertWaits(Reason.RETRYABLE, world.look(instance));
        assertEquals(Optional.empty(), closing(instance).doneAt());
    }

    /** An instance with a token whose run has succeeded, opened this long ago. */
    private InstanceId succeeded(int seconds) {
        InstanceId instance = world.launch();
        world.online(instance);
        world.look(world.event(instance));
        world.clock.passSeconds(seconds);
        world.succeed(instance);
        return instance;
    }

    @Test
    void anInstanceThatIsGoneMeanwhileHasEndedUnlessItsStayIsYoung() {
        InstanceId young = succeeded(0);
        world.calls.meanwhile("groups.complete", () -> world.groups.remove(young));
        assertWaits(Reason.STATE, world.look(young));

        InstanceId old = succeeded(90);
        world.calls.meanwhile("groups.complete", () -> world.groups.remove(old));
        world.look(old);
        assertEquals(Optional.of(world.clock.instant()), closing(old).doneAt());
    }

    @Test
    void anInstanceThatPassedItsGateMeanwhileHasEnded() {
        InstanceId old = succeeded(90);
        world.calls.meanwhile("groups.complete", () -> world.groups.completeElsewhere(old, World.HOOK, true));
        world.look(old);

        assertEquals(Closing.Kind.PROVISIONED, closing(old).kind());
        assertEquals(Optional.of(world.clock.instant()), closing(old).doneAt());
    }
}
