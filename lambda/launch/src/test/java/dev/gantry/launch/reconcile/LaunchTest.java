package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Hint;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.twin.Policies;
import dev.gantry.launch.twin.RecordingJournal;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One launch from its event to its end, in which only the playbook can fail. */
final class LaunchTest {
    private final World world = new World();

    @Test
    void anInstanceEntersServiceOnceItsRunHasSucceeded() {
        InstanceId instance = world.launch();
        Look event = world.event(instance);
        assertEquals(Reason.AGENT, reason(world.look(event)));

        world.clock.passSeconds(5);
        world.online(instance);
        assertEquals(Reason.RUN, reason(world.look(event)));
        assertEquals("Pending:Wait", world.groups.state(instance));

        world.clock.passSeconds(40);
        world.succeed(instance);
        Decision last = world.look(
                Look.ended(instance, world.commands.on(instance).get(0).id()));

        assertInstanceOf(Decision.Proceed.class, last);
        assertEquals("Pending:Proceed", world.groups.state(instance));
        Closing closing = world.stay(instance).closing().orElseThrow();
        assertEquals(Closing.Kind.PROVISIONED, closing.kind());
        assertEquals(Optional.of(world.clock.instant()), closing.doneAt());
        assertEquals(Optional.of(World.FIRST), world.fleets.release(World.WEB).lastGood());
        assertTrue(world.journal.pages().isEmpty());
    }

    @Test
    void fiftyInstancesTakeOneCallOfEachKindUntilTheyAreCompleted() {
        List<InstanceId> instances = world.launch(50);
        instances.forEach(world::online);
        List<Look> events = instances.stream().map(world::event).toList();

        world.reconciler().look(events);
        assertEquals(
                List.of(
                        "groups.describe",
                        "fleets.find",
                        "ledger.load",
                        "agents.describe",
                        "fleets.flaw",
                        "ledger.write",
                        "commands.send",
                        "ledger.write"),
                world.calls.made());

        world.calls.forget();
        world.reconciler().look(events);
        assertEquals(List.of("groups.describe", "fleets.find", "ledger.load", "commands.progress"), world.calls.made());

        world.calls.forget();
        instances.forEach(world::succeed);
        world.reconciler().look(events);
        assertEquals(50, world.calls.count("groups.complete"));
        assertEquals(2, world.calls.count("ledger.write"));
        assertEquals(1, world.calls.count("fleets.change"));
        assertEquals(57, world.calls.made().size());
    }

    @Test
    void fiftyOneInstancesTakeTwoCallsOfEachKind() {
        List<InstanceId> instances = world.launch(51);
        instances.forEach(world::online);
        world.reconciler().look(instances.stream().map(world::event).toList());
        assertEquals(2, world.calls.count("groups.describe"));
        assertEquals(2, world.calls.count("agents.describe"));
        assertEquals(2, world.calls.count("commands.send"));
        instances.forEach(
                i -> assertEquals(1, world.commands.on(i).size(), () -> i + " has not got exactly one command"));
    }

    @Test
    void theSweepFindsWhatEventsLost() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.minute();
        world.succeed(instance);
        world.minute();
        assertEquals("Pending:Proceed", world.groups.state(instance));
        assertEquals(Closing.Kind.PROVISIONED, kind(instance));
    }

    @Test
    void aFailedRunIsRetriedAfterItsBackoff() {
        InstanceId instance = running(world);
        world.fail(instance);
        assertEquals(Reason.BACKOFF, reason(world.look(instance)));
        world.clock.passSeconds(29);
        assertEquals(Reason.BACKOFF, reason(world.look(instance)));
        world.clock.passSeconds(1);
        assertEquals(Reason.RUN, reason(world.look(instance)));
        assertEquals(2, world.commands.on(instance).size());
        assertEquals(2, world.commands.on(instance).get(1).attempt());

        world.succeed(instance);
        world.look(instance);
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void anInstanceWhoseRunsFailIsAbandonedAfterItsReasonIsWrittenAndPaged() {
        InstanceId instance = running(world);
        world.fail(instance);
        world.look(instance);
        world.clock.passSeconds(30);
        world.look(instance);
        world.fail(instance);
        world.calls.forget();
        Decision last = world.look(instance);

        assertInstanceOf(Decision.Abandon.class, last);
        assertEquals("Terminating", world.groups.state(instance));
        assertEquals(
                List.of(World.BROKEN_PLAY), List.copyOf(world.failures.objects().values()));
        List<String> made = world.calls.made();
        int completed = made.indexOf("groups.complete");
        assertTrue(made.indexOf("failures.record") < completed, made::toString);
        assertTrue(made.indexOf("journal.page") < completed, made::toString);
        assertTrue(made.indexOf("ledger.write") < completed, made::toString);
        assertTrue(world.journal.pages().get(0).message().contains("start nginx"));
        assertEquals(
                "fatal: unit not found", world.journal.pages().get(0).fields().get("tail"));
    }

    @Test
    void runsThatWereNeverDeliveredAreRepeatedAndNeverCountAsFailures() {
        InstanceId instance = running(world);
        for (int n = 0; n < 5; n++) {
            world.commands.end(instance, new Verdict.Undelivered("DeliveryTimedOut"));
            world.look(instance);
            world.clock.passSeconds(300);
            world.online(instance);
            assertEquals(Reason.RUN, reason(world.look(instance)));
        }
        assertEquals(0, world.stay(instance).failures());
        world.succeed(instance);
        world.look(instance);
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void anInstanceWithoutAnAgentIsAbandonedAtTheLaunchDeadlineWithThatReason() {
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        for (int minute = 0; minute < 59; minute++) {
            world.minute();
        }
        assertEquals("Pending:Wait", world.groups.state(instance));
        world.minute();
        assertEquals("Terminating", world.groups.state(instance));
        assertTrue(world.failures.objects().isEmpty(), "a missing agent says nothing about the bundle");
        String message = world.journal.pages().get(0).message();
        assertTrue(message.contains("launch deadline") && message.contains("never registered"), message);
    }

    @Test
    void anAbandonmentAtTheDeadlineNamesTheRunThatHasNotEnded() {
        InstanceId instance = running(world);
        for (int minute = 0; minute < 60; minute++) {
            world.minute();
        }
        assertEquals("Terminating", world.groups.state(instance));
        String message = world.journal.pages().get(0).message();
        assertTrue(message.contains("run-00000001") && message.contains("has not ended"), message);
    }

    @Test
    void anAbandonmentAtTheDeadlineNamesWhyRunsWereNotDelivered() {
        InstanceId instance = running(world);
        world.commands.end(instance, new Verdict.Undelivered("DeliveryTimedOut"));
        world.agents.lose(instance);
        for (int minute = 0; minute < 60; minute++) {
            world.minute();
        }
        String message = world.journal.pages().get(0).message();
        assertTrue(message.contains("DeliveryTimedOut"), message);
    }

    @Test
    void aFailedInstanceIsHeldAndThenAbandoned() {
        world.fleet(World.WEB, Policies.holding(Duration.ofMinutes(45)));
        InstanceId instance = running(world);
        world.fail(instance);
        assertInstanceOf(Decision.Hold.class, world.look(instance));
        for (int minute = 0; minute < 44; minute++) {
            world.minute();
        }
        assertEquals("Pending:Wait", world.groups.state(instance));
        world.minute();
        assertEquals("Terminating", world.groups.state(instance));
        assertEquals(1, world.commands.on(instance).size());
    }

    @Test
    void anObservedFleetIsCompletedAtOnceAndNoCommandIsSent() {
        world.fleet(World.WEB, Policies.observing());
        InstanceId instance = world.launch();
        assertInstanceOf(Decision.Proceed.class, world.look(world.event(instance)));
        assertEquals("Pending:Proceed", world.groups.state(instance));
        assertEquals(Closing.Kind.OBSERVED, kind(instance));
        assertEquals(0, world.calls.count("commands.send"));
        assertTrue(world.journal
                .lines("proceeded")
                .get(0)
                .fields()
                .get("why")
                .toString()
                .contains("would have"));
    }

    @Test
    void aWarmedInstancePassesBothGatesWithARunAtEach() {
        InstanceId instance = world.launch();
        world.groups.state(instance, "Warmed:Pending:Wait");
        world.online(instance);
        world.look(world.event(instance));
        world.succeed(instance);
        world.look(instance);
        assertEquals("Warmed:Pending:Proceed", world.groups.state(instance));
        assertEquals(Gate.WARM, world.stay(instance).gate());

        world.groups.state(instance, "Warmed:Stopped");
        world.clock.pass(Duration.ofHours(3));
        world.groups.state(instance, "Pending:Wait");
        world.groups.hold(instance, World.HOOK, World.heartbeat());
        Look second = Look.waiting(instance, World.HOOK, new Hint("token-two", world.clock.instant()));
        assertEquals(Reason.AGENT, reason(world.look(second)), "its agent was heard only before it was stopped");
        world.clock.passSeconds(10);
        world.online(instance);
        assertEquals(Reason.RUN, reason(world.look(second)));
        world.succeed(instance);
        world.look(second);
        assertEquals("Pending:Proceed", world.groups.state(instance));
        assertEquals(2, world.stay(instance).number());
        assertEquals(2, world.commands.on(instance).size());
    }

    @Test
    void aBundleThatBecomesCurrentDuringTheRunDoesNotHoldTheInstance() {
        InstanceId instance = running(world);
        world.fleets.release(World.WEB, world.fleets.release(World.WEB).withCurrent(World.SECOND));
        world.succeed(instance);
        world.look(instance);
        assertEquals("Pending:Proceed", world.groups.state(instance));
        assertEquals(
                Optional.empty(),
                world.fleets.release(World.WEB).lastGood(),
                "an older bundle does not become the last good one");
    }

    @Test
    void theHeartbeatIsRenewedAtHalfAndNotBefore() {
        InstanceId instance = running(world);
        world.clock.pass(World.heartbeat().dividedBy(2).minusSeconds(1));
        world.look(instance);
        assertEquals(0, world.calls.count("groups.heartbeat"));
        world.clock.passSeconds(1);
        world.look(instance);
        world.look(instance);
        assertEquals(1, world.calls.count("groups.heartbeat"));
    }

    static InstanceId running(World world) {
        InstanceId instance = world.launch();
        world.online(instance);
        world.look(world.event(instance));
        return instance;
    }

    static Reason reason(Decision decision) {
        return assertInstanceOf(Decision.Wait.class, decision).reason();
    }

    private Closing.Kind kind(InstanceId instance) {
        return world.stay(instance).closing().orElseThrow().kind();
    }

    @Test
    void theSweepLogsHowFarTheOldestStayIsFromItsDeadline() {
        InstanceId first = world.launch();
        world.look(world.event(first));
        world.clock.passSeconds(600);
        InstanceId second = world.launch();
        world.look(world.event(second));

        world.reconciler().sweep();

        List<RecordingJournal.Line> lines = world.journal.lines("oldest_stay");
        assertEquals(1, lines.size());
        assertEquals(first.value(), lines.get(0).fields().get("instance"));
        assertEquals(600L, lines.get(0).fields().get("seconds"));
        assertEquals(
                100 * 600 / Policy.DEFAULT.launchDeadline().toSeconds(),
                lines.get(0).fields().get("percent"));
    }

    @Test
    void ifNoInstanceWaitsThereIsNoOldestStay() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.look(world.event(instance));
        world.succeed(instance);

        world.reconciler().sweep();

        assertEquals("Pending:Proceed", world.groups.state(instance));
        assertTrue(world.journal.lines("oldest_stay").isEmpty());
    }
}
