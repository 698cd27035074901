package dev.gantry.launch.reconcile;

import static dev.gantry.launch.reconcile.LaunchTest.running;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Hint;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.twin.Policies;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the log says about looks that did not go as wanted. */
final class LinesTest {
    private final World world = new World();

    private Map<String, Object> only(String type) {
        assertEquals(1, world.journal.lines(type).size(), type);
        return world.journal.lines(type).get(0).fields();
    }

    @Test
    void aDefectIsLoggedWithTheBeginningOfItsTrace() {
        InstanceId instance = world.launch();
        world.ledger.breakLoading(instance, new IllegalStateException("a defect"));
        world.look(instance);

        List<?> trace = (List<?>) only("defect").get("trace");
        assertTrue(trace.size() > 1 && trace.size() <= 12, trace::toString);
        assertTrue(trace.get(0).toString().contains("LinesTest"), trace::toString);
    }

    @Test
    void aLookThatFailsAltogetherIsLoggedAndAMisconfigurationIsPaged() {
        InstanceId instance = world.launch();
        world.calls.failBefore("groups.describe", new GantryException.Retryable("Rate exceeded", null));
        world.look(instance);
        assertEquals(
                Map.of("instances", List.of(instance.value()), "kind", "RETRYABLE", "error", "Rate exceeded"),
                only("look_failed"));

        world.calls.failBefore("groups.describe", new GantryException.Misconfigured("AccessDenied"));
        world.look(instance);
        assertTrue(world.journal
                .pages()
                .get(0)
                .message()
                .startsWith("1 instance(s) cannot be looked at, so that their heartbeats run out"));
    }

    @Test
    void aLookAtWhichNothingIsWrongLogsTheSendAndNothingElse() {
        running(world);

        assertEquals(
                List.of("run_sent"),
                world.journal.lines().stream().map(line -> line.type()).toList());
    }

    @Test
    void aHookThatNoLongerHoldsAnInstanceIsLoggedWithWhetherTheStayWasClosed() {
        InstanceId instance = running(world);
        world.groups.hold(instance, "backup-agent", World.heartbeat().multipliedBy(4));
        world.groups.completeElsewhere(instance, World.HOOK, true);
        world.clock.pass(World.heartbeat().dividedBy(2));
        world.look(instance);

        assertEquals(
                Map.of("fleet", "web", "instance", instance.value(), "stay", 1, "closed", true),
                only("no_active_action"));
    }

    /** No heartbeat of it was seen, so nothing proves that the hook's action was ever active. */
    @Test
    void anInstanceThatTheHookDoesNotHoldYetIsLoggedAndItsStayGoesOn() {
        InstanceId instance = new InstanceId("i-0123456789abcdef0");
        world.groups.put(instance, World.WEB, "Pending:Wait");
        world.look(instance);

        assertEquals(false, only("no_active_action").get("closed"));
    }

    /** Its event is late, so a heartbeat is due at once, although no look has seen this wait's action active. */
    @Test
    void anActionThatIsOverAtTheFirstLookAtANewWaitClosesNothing() {
        InstanceId instance = new InstanceId("i-0123456789abcdef0");
        world.groups.put(instance, World.WEB, "Pending:Wait");
        Instant earlier = world.clock.instant();
        world.ledger.put(
                World.WEB,
                instance,
                Stay.first(Gate.SERVICE, Optional.empty(), earlier)
                        .withClosing(Closing.elsewhere("completed by hand", earlier)));
        world.clock.passSeconds(2000);
        Hint late = new Hint("later", world.clock.instant().minusSeconds(1000));
        world.look(Look.waiting(instance, World.HOOK, late));

        assertEquals(
                Map.of("fleet", "web", "instance", instance.value(), "stay", 2, "closed", false),
                only("no_active_action"));
    }

    @Test
    void aStayWhoseEndIsDecidedIsNotTheOldestOneThatWaits() {
        InstanceId instance = running(world);
        world.succeed(instance);
        for (int sweep = 0; sweep < 3; sweep++) {
            world.calls.failBefore("groups.complete", new GantryException.Retryable("Rate exceeded", null));
            world.reconciler().sweep();
        }

        assertEquals(1, world.journal.lines("oldest_stay").size(), "before its end was written");
    }

    @Test
    void anInstanceWhoseDescriptionIsNotBelievedIsNotTheOldestOneThatWaits() {
        InstanceId instance = running(world);
        world.groups.state(instance, "Warmed:Pending:Wait");
        world.reconciler().sweep();

        assertEquals(List.of(), world.journal.lines("oldest_stay"));
        assertEquals(List.of(), world.journal.lines("defect"));
    }

    @Test
    void anAgentThatCouldNotBeAskedAboutIsLoggedUnlessThatIsAMisconfiguration() {
        InstanceId instance = world.launch();
        world.calls.failBefore("agents.describe", new GantryException.Retryable("Rate exceeded", null));
        world.look(instance);
        assertEquals(
                Map.of(
                        "fleet", "web",
                        "instances", List.of(instance.value()),
                        "kind", "RETRYABLE",
                        "error", "Rate exceeded"),
                only("look_failed"));

        world.calls.failBefore("agents.describe", new GantryException.Misconfigured("AccessDenied"));
        world.look(instance);
        assertEquals(1, world.journal.lines("look_failed").size(), "it is paged from the stay instead");
        assertEquals(1, world.journal.pages().size());
    }

    @Test
    void aFailureOfAHeldInstanceThatCannotBeStoredIsLogged() {
        world.fleet(World.WEB, Policies.holding(Duration.ofMinutes(30)));
        InstanceId instance = running(world);
        world.fail(instance);
        world.calls.failBefore("failures.record", new GantryException.Retryable("S3 is slow", null));
        world.look(instance);

        assertEquals(
                Map.of("fleet", "web", "instance", instance.value(), "error", "S3 is slow"),
                only("failure_not_recorded"));
        assertTrue(world.failures.objects().isEmpty());
    }

    @Test
    void whatAnOperatorChangesIsLoggedWithTheCaller() {
        world.fleets.upload(World.WEB, World.SECOND);
        world.operator().propose(World.WEB, World.SECOND, "ann");
        assertEquals(Map.of("fleet", "web", "bundle", World.SECOND.sha256(), "by", "ann"), only("bundle_current"));

        world.fleets.release(
                World.WEB,
                world.fleets
                        .release(World.WEB)
                        .opened(World.SECOND, "failures", dev.gantry.launch.release.LaunchProcess.RUNNING));
        Operator.Response answer = world.operator().lift(World.WEB, Optional.of(World.SECOND), "ann");
        assertTrue(answer.accepted());
        assertEquals(
                "bundle " + World.SECOND.brief() + " is no longer quarantined; the group launches again",
                answer.message());
        assertEquals("ann", only("lifted").get("by"));
    }

    @Test
    void whatCannotBeLiftedIsNamed() {
        Operator.Response answer = world.operator().lift(World.WEB, Optional.of(World.FIRST), "ann");

        assertFalse(answer.accepted());
        assertEquals(
                "there is nothing to lift: fleet web has not suspended launches, and bundle " + World.FIRST.brief()
                        + " is not quarantined",
                answer.message());
    }

    @Test
    void aSuccessThatCannotBeRememberedIsLoggedWithItsBundle() {
        InstanceId instance = running(world);
        world.succeed(instance);
        world.calls.failBefore("fleets.change", new GantryException.Retryable("S3 is slow", null));
        world.look(instance);

        assertEquals(
                Map.of("fleet", "web", "bundle", World.FIRST.sha256(), "error", "S3 is slow"),
                only("last_good_not_kept"));
    }
}
