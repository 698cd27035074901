package dev.gantry.launch.reconcile;

import static dev.gantry.launch.reconcile.LaunchTest.reason;
import static dev.gantry.launch.reconcile.LaunchTest.running;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Hint;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rule 2: a configuration error is paged once, and costs no instance until the launch deadline. */
final class MisconfigurationTest {
    private final World world = new World();

    @Test
    void aMisconfiguredFleetIsPagedOnceKeepsItsInstanceAndRepairingItSavesIt() {
        world.fleets.trouble(World.WEB, mistake("document AWS-ApplyAnsiblePlaybooks has no version 7"));
        InstanceId instance = world.launch();
        world.online(instance);
        assertEquals(Reason.MISCONFIGURED, reason(world.look(world.event(instance))));
        for (int minute = 0; minute < 50; minute++) {
            world.minute();
        }
        assertEquals("Pending:Wait", world.groups.state(instance));
        assertEquals(1, world.journal.pages().size());
        assertTrue(world.journal.pages().get(0).message().contains("has no version 7"));

        world.fleets.repair(World.WEB);
        world.minute();
        world.succeed(instance);
        world.minute();
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void oneMisconfigurationOfManyInstancesIsOnePage() {
        world.fleets.trouble(World.WEB, mistake("bundle is missing"));
        List<InstanceId> instances = world.launch(20);
        world.reconciler().look(instances.stream().map(world::event).toList());
        assertEquals(1, world.journal.pages().size());
    }

    @Test
    void aMisconfigurationThatIsNotRepairedIsTheReasonAtTheLaunchDeadline() {
        world.fleets.trouble(World.WEB, mistake("bundle is missing"));
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        for (int minute = 0; minute < 60; minute++) {
            world.minute();
        }
        assertEquals("Terminating", world.groups.state(instance));
        assertTrue(world.journal.pages().get(1).message().contains("bundle is missing"));
        assertTrue(world.failures.objects().isEmpty());
    }

    @Test
    void aFleetWithoutABundleIsMisconfigured() {
        world.fleets.release(World.WEB, Release.NONE);
        InstanceId instance = world.launch();
        assertEquals(Reason.MISCONFIGURED, reason(world.look(world.event(instance))));
        assertTrue(world.journal.pages().get(0).message().contains("publish one"));
    }

    @Test
    void aRefusalWhoseMessageDiffersEachTimeIsOnePageForAllInstancesOfALookAndOneForEachLaterInstance() {
        List<InstanceId> instances = world.launch(4);
        instances.forEach(world::online);
        for (int n = 0; n < 400; n++) {
            world.commands.refuseNext(new GantryException.Misconfigured(
                    "SendCommand for fleet web: InvalidParameters",
                    "SendCommand run-" + n + " on " + n + " instances of fleet web: InvalidParameters: n is " + n,
                    null));
        }
        for (int look = 0; look < 40; look++) {
            world.reconciler().look(instances.stream().map(world::event).toList());
            world.clock.pass(Duration.ofSeconds(5));
        }
        assertEquals(1, world.journal.pages().size());
        assertEquals(4, ((List<?>) world.journal.pages().get(0).fields().get("instances")).size());
    }

    @Test
    void anOverwrittenBundleIsNotRunIsPagedOnceAndRepairingItSavesTheInstance() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.fleets.spoil(World.FIRST, "s3://bucket/bundle was written over");
        assertEquals(Reason.MISCONFIGURED, reason(world.look(world.event(instance))));
        for (int minute = 0; minute < 50; minute++) {
            world.minute();
        }
        assertEquals("Pending:Wait", world.groups.state(instance));
        assertEquals(List.of(), world.commands.on(instance));
        assertEquals(1, world.journal.pages().size());
        assertTrue(world.journal.pages().get(0).message().contains("was written over"));

        world.fleets.mend(World.FIRST);
        world.minute();
        world.succeed(instance);
        world.minute();
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void theBundleIsCheckedOnceForAllRunsOfALookAndNothingIsSentIfTheCheckFails() {
        List<InstanceId> instances = world.launch(20);
        instances.forEach(world::online);
        world.calls.failBefore("fleets.flaw", new GantryException.Retryable("S3 is away", null));
        world.reconciler().look(instances.stream().map(world::event).toList());
        assertEquals(0, world.calls.count("commands.send"));

        world.reconciler().look(instances.stream().map(world::event).toList());
        assertEquals(1, world.calls.count("commands.send"));
        assertEquals(2, world.calls.count("fleets.flaw"));
    }

    @Test
    void aSendThatIsRefusedByAMisconfigurationIsPagedOnceAndRepairingItSavesTheInstance() {
        InstanceId instance = world.launch();
        world.online(instance);
        for (int n = 0; n < 40; n++) {
            world.commands.refuseNext(denied());
        }
        assertEquals(Reason.MISCONFIGURED, reason(world.look(world.event(instance))));
        for (int minute = 0; minute < 39; minute++) {
            world.minute();
        }
        assertEquals(1, world.journal.pages().size());
        assertTrue(world.stay(instance).attempts().isEmpty());
        world.minute();
        world.succeed(instance);
        world.minute();
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void aRunThatSystemsManagerRefusesOnTheInstanceIsPagedOnceAndTriedAgain() {
        InstanceId instance = running(world);
        for (int minute = 0; minute < 20; minute++) {
            world.commands.end(instance, new Verdict.Refused("AccessDenied"));
            world.minute();
        }
        assertEquals(1, world.journal.pages().size());
        assertTrue(world.journal.pages().get(0).message().contains("AccessDenied"));
        assertTrue(world.commands.on(instance).size() > 2);
        assertEquals(0, world.stay(instance).failures());
    }

    @Test
    void anInstanceWhoseRunsWereRefusedUntilTheDeadlineIsAbandonedWithThatReason() {
        InstanceId instance = running(world);
        for (int minute = 0; minute < 60; minute++) {
            world.commands.end(instance, new Verdict.Refused("AccessDenied"));
            world.minute();
        }
        assertEquals("Terminating", world.groups.state(instance));
        String message =
                world.journal.pages().get(world.journal.pages().size() - 1).message();
        assertTrue(message.contains("launch deadline") && message.contains("AccessDenied"), message);
    }

    @Test
    void aHeartbeatThatIsDeniedIsPagedOnce() {
        InstanceId instance = running(world);
        world.clock.pass(World.heartbeat().dividedBy(2));
        for (int n = 0; n < 3; n++) {
            world.calls.failBefore("groups.heartbeat", denied());
            assertEquals(Reason.MISCONFIGURED, reason(world.look(instance)));
        }
        assertEquals(1, world.journal.pages().size());
        world.succeed(instance);
        world.look(instance);
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void aCompletionThatIsDeniedIsPagedOnce() {
        InstanceId instance = running(world);
        world.succeed(instance);
        for (int n = 0; n < 3; n++) {
            world.calls.failBefore("groups.complete", denied());
            assertEquals(Reason.MISCONFIGURED, reason(world.look(instance)));
        }
        assertEquals(1, world.journal.pages().size());
        assertInstanceOf(Decision.Proceed.class, world.look(instance));
    }

    @Test
    void aDeniedQuestionAboutTheEndOfRunsIsPagedOnce() {
        InstanceId instance = running(world);
        for (int n = 0; n < 3; n++) {
            world.calls.failBefore("commands.progress", denied());
            world.look(instance);
        }
        assertEquals(1, world.journal.pages().size());
        world.succeed(instance);
        world.look(instance);
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void aHookOfOurNameOnAGroupWithoutSettingsIsPagedAndTheInstanceKept() {
        InstanceId instance = world.launch(new FleetName("stray"));
        world.online(instance);
        Look event = world.event(instance);
        assertEquals(Reason.MISCONFIGURED, reason(world.look(event)));
        for (int n = 0; n < 45; n++) {
            world.clock.passSeconds(60);
            world.groups.expire(false);
            world.look(event);
        }
        assertEquals("Pending:Wait", world.groups.state(instance));
        assertEquals(1, world.journal.pages().size());
        assertTrue(world.journal.pages().get(0).message().contains("fleets/stray/settings.json"));
        world.fleet(new FleetName("stray"), Policy.DEFAULT);
        assertEquals(Reason.RUN, reason(world.look(event)));
    }

    @Test
    void brokenSettingsKeepTheInstanceAndRunNothing() {
        world.fleets.breakSettings(World.WEB, "settings.json: attempts must be 1 to 10, not 0");
        InstanceId instance = world.launch();
        world.online(instance);
        assertEquals(Reason.MISCONFIGURED, reason(world.look(world.event(instance))));
        assertTrue(world.commands.on(instance).isEmpty());
        assertTrue(world.journal.pages().get(0).message().contains("attempts must be 1 to 10"));
    }

    @Test
    void settingsThatBreakDuringARunDoNotHoldBackAnInstanceThatSucceeds() {
        InstanceId instance = running(world);
        world.fleets.breakSettings(World.WEB, "settings.json: no JSON");
        assertEquals(Reason.RUN, reason(world.look(instance)));
        assertEquals(1, world.journal.pages().size());
        world.succeed(instance);
        world.look(instance);
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void settingsThatStayBrokenAbandonNothingAndLeaveTheInstanceToItsHooksDefaultResult() {
        world.fleet(World.WEB, dev.gantry.launch.twin.Policies.attempts(1));
        InstanceId instance = running(world);
        world.fail(instance);
        world.fleets.breakSettings(World.WEB, "settings.json: no JSON");
        for (int minute = 0; minute < 6 * 60; minute++) {
            world.minute();
        }
        assertEquals("Pending:Wait", world.groups.state(instance));
        for (int minute = 0; minute < 30; minute++) {
            world.clock.passSeconds(60);
            world.groups.expire(true);
            world.reconciler().sweep();
        }
        assertEquals("Pending:Proceed", world.groups.state(instance));
        assertTrue(world.groups.completions().isEmpty());
        assertEquals(2, world.journal.pages().size());
        assertTrue(world.journal.pages().get(1).message().contains("default_result decides"));
    }

    @Test
    void settingsThatAreRepairedAfterTheLaunchDeadlineStillSaveTheInstance() {
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        world.fleets.breakSettings(World.WEB, "settings.json: no JSON");
        for (int minute = 0; minute < 90; minute++) {
            world.minute();
        }
        world.fleets.settings(World.fleet(World.WEB, Policy.DEFAULT, World.HOOK));
        world.minute();
        assertEquals("Pending:Wait", world.groups.state(instance));
        world.online(instance);
        world.minute();
        world.clock.pass(Policy.DEFAULT.runTimeout());
        world.reconciler().sweep();
        world.succeed(instance);
        world.minute();
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void settingsThatAreRepairedAfterTheLaunchDeadlineGiveOneRunOnly() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.fleets.breakSettings(World.WEB, "settings.json: no JSON");
        world.look(world.event(instance));
        for (int minute = 0; minute < 90; minute++) {
            world.minute();
        }
        world.fleets.settings(World.fleet(World.WEB, Policy.DEFAULT, World.HOOK));
        world.minute();
        assertEquals(1, world.commands.on(instance).size());
        world.fail(instance);
        world.minute();
        assertEquals("Terminating", world.groups.state(instance));
        assertEquals(1, world.commands.on(instance).size());
    }

    @Test
    void afterTheRepairAnAgentIsWaitedForUntilTheHeartbeatWouldBeRenewed() {
        InstanceId instance = world.launch();
        world.fleets.breakSettings(World.WEB, "settings.json: no JSON");
        world.look(world.event(instance));
        for (int minute = 0; minute < 90; minute++) {
            world.minute();
        }
        world.fleets.settings(World.fleet(World.WEB, Policy.DEFAULT, World.HOOK));
        for (int minute = 0; minute < 12; minute++) {
            world.minute();
        }
        assertEquals("Pending:Wait", world.groups.state(instance));
        for (int minute = 0; minute < 4; minute++) {
            world.minute();
        }
        assertEquals("Terminating", world.groups.state(instance));
    }

    @Test
    void whileSettingsAreBrokenTheHookThatTheEventNamesIsRenewed() {
        InstanceId instance = atAnotherHook();
        world.fleets.breakSettings(World.WEB, "settings.json: no JSON");
        Look event =
                Look.waiting(instance, "launch/gate", new dev.gantry.launch.stay.Hint("token", world.clock.instant()));
        for (int minute = 0; minute < 60; minute++) {
            world.clock.passSeconds(60);
            world.groups.expire(false);
            assertEquals(Reason.MISCONFIGURED, reason(world.look(event)));
        }
        assertEquals("Pending:Wait", world.groups.state(instance));
    }

    @Test
    void whileSettingsAreBrokenTheSweepRenewsTheHookThatItKnewBefore() {
        InstanceId instance = atAnotherHook();
        Reconciler sweeper = world.reconciler();
        sweeper.sweep();
        world.fleets.breakSettings(World.WEB, "settings.json: no JSON");
        for (int minute = 0; minute < 60; minute++) {
            world.clock.passSeconds(60);
            world.groups.expire(false);
            sweeper.sweep();
        }
        assertEquals("Pending:Wait", world.groups.state(instance));
    }

    private InstanceId atAnotherHook() {
        world.fleets.settings(World.fleet(World.WEB, Policy.DEFAULT, "launch/gate"));
        InstanceId instance = world.launch();
        world.groups.completeElsewhere(instance, World.HOOK, true);
        world.groups.state(instance, "Pending:Wait");
        world.groups.hold(instance, "launch/gate", World.heartbeat());
        return instance;
    }

    @Test
    void settingsThatBreakAfterAnAbandonmentWasDecidedDoNotUndoIt() {
        world.fleet(World.WEB, dev.gantry.launch.twin.Policies.attempts(1));
        InstanceId instance = running(world);
        world.fail(instance);
        world.calls.failBefore("groups.complete", new GantryException.Retryable("Rate exceeded", null));
        world.look(instance);
        world.fleets.breakSettings(World.WEB, "settings.json: no JSON");
        assertInstanceOf(Decision.Abandon.class, world.look(instance));
        assertEquals("Terminating", world.groups.state(instance));
    }

    @Test
    void aHookWhoseNameIsNotKnownWhileSettingsAreBrokenEndsNoStay() {
        world.fleets.settings(World.fleet(World.WEB, Policy.DEFAULT, "launch/gate"));
        InstanceId instance = world.launch();
        world.groups.completeElsewhere(instance, World.HOOK, true);
        world.groups.state(instance, "Pending:Wait");
        world.groups.hold(instance, "launch/gate", World.heartbeat());
        world.online(instance);
        world.look(instance);
        world.fleets.breakSettings(World.WEB, "settings.json: no JSON");
        world.clock.passSeconds(120);
        world.look(instance);
        assertTrue(world.stay(instance).isOpen());
        world.fleets.settings(World.fleet(World.WEB, Policy.DEFAULT, "launch/gate"));
        world.succeed(instance);
        world.look(instance);
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void aBrokenRecordOfOneInstanceAffectsNoOther() {
        InstanceId broken = world.launch();
        InstanceId good = world.launch();
        List.of(broken, good).forEach(world::online);
        world.ledger.breakObject(
                broken, new GantryException.Misconfigured("launches/web/" + broken + ".json: no JSON"));
        Map<InstanceId, Decision> decisions = world.reconciler().look(List.of(world.event(broken), world.event(good)));
        assertEquals(Reason.MISCONFIGURED, reason(decisions.get(broken)));
        assertEquals(Reason.RUN, reason(decisions.get(good)));
        world.minute();
        assertEquals(2, world.journal.pages().size(), "no record remembers the page");
        assertTrue(world.journal.pages().get(1).message().contains(broken + ".json: no JSON"));
    }

    @Test
    void aBrokenRecordDoesNotLetTheHeartbeatRunOut() {
        InstanceId broken = world.launch();
        world.ledger.breakObject(
                broken, new GantryException.Misconfigured("launches/web/" + broken + ".json: no JSON"));
        for (int minute = 0; minute < 120; minute++) {
            world.minute();
        }
        assertEquals("Pending:Wait", world.groups.state(broken));
    }

    @Test
    void brokenRecordsOfManyInstancesAreOnePageInEachRound() {
        List<InstanceId> instances = world.launch(20);
        instances.forEach(i -> world.ledger.breakObject(i, new GantryException.Misconfigured(i + ".json: no JSON")));
        world.reconciler().sweep();
        assertEquals(1, world.journal.pages().size());
        assertTrue(world.journal.pages().get(0).message().startsWith("20 instance(s) of web"));
    }

    @Test
    void aRecordThatMayNotBeWrittenIsPaged() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.ledger.failNextWrite(instance, denied());
        assertEquals(Reason.MISCONFIGURED, reason(world.look(world.event(instance))));
        assertTrue(world.commands.on(instance).isEmpty());
        assertEquals(1, world.journal.pages().size());
    }

    @Test
    void aLookThatIsDeniedAsAWholeIsPagedInEachRound() {
        InstanceId instance = world.launch();
        for (String call : List.of("groups.describe", "fleets.find", "groups.describe")) {
            world.calls.failBefore(call, denied());
            assertEquals(Reason.MISCONFIGURED, reason(world.look(world.event(instance))));
        }
        assertEquals(3, world.journal.pages().size());
        assertEquals("misconfigured", world.journal.pages().get(0).type());
        assertTrue(world.journal.pages().get(0).message().contains("not authorised"));
    }

    @Test
    void aSweepThatMayNotListWhatItLooksAtIsPagedAndFails() {
        for (String call : List.of("fleets.names", "groups.members")) {
            world.calls.failBefore(call, denied());
            assertThrows(GantryException.Misconfigured.class, () -> world.reconciler()
                    .sweep());
        }
        assertEquals(2, world.journal.pages().size());
        world.calls.failBefore("fleets.names", new GantryException.Retryable("SlowDown", null));
        assertThrows(GantryException.Retryable.class, () -> world.reconciler().sweep());
        assertEquals(2, world.journal.pages().size());
    }

    @Test
    void aCommandThatMayNotBeReadIsPaged() {
        world.calls.failBefore("commands.progress", denied());
        assertThrows(
                GantryException.Misconfigured.class, () -> world.reconciler().looksFor("command"));
        assertEquals(1, world.journal.pages().size());
    }

    @Test
    void aWriteThatFailsForOneInstanceAffectsNoOther() {
        InstanceId unlucky = world.launch();
        InstanceId good = world.launch();
        List.of(unlucky, good).forEach(world::online);
        world.ledger.failNextWrite(unlucky, new GantryException.Retryable("SlowDown", null));
        Map<InstanceId, Decision> decisions = world.reconciler().look(List.of(world.event(unlucky), world.event(good)));
        assertEquals(Reason.RETRYABLE, reason(decisions.get(unlucky)));
        assertEquals(Reason.RUN, reason(decisions.get(good)));
        assertTrue(world.commands.on(unlucky).isEmpty());
    }

    @Test
    void aDefectInOneFleetAffectsNoOtherFleet() {
        FleetName second = new FleetName("zebra");
        world.fleet(second, Policy.DEFAULT);
        InstanceId first = world.launch();
        InstanceId other = world.launch(second);
        List.of(first, other).forEach(world::online);
        world.calls.failBefore("ledger.load", new IllegalStateException("a defect"));
        world.reconciler().sweep();
        assertTrue(world.commands.on(first).isEmpty());
        assertEquals(1, world.commands.on(other).size());
        assertEquals("defect", world.journal.pages().get(0).type());
    }

    @Test
    void agentsThatCannotBeDescribedAreLookedForAgain() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.calls.failBefore("agents.describe", new GantryException.Retryable("Rate exceeded", null));
        assertEquals(Reason.RETRYABLE, reason(world.look(world.event(instance))));
        Map<String, Object> line = world.journal.lines("look_failed").get(0).fields();
        assertEquals(List.of(instance.value()), line.get("instances"));
        assertEquals("Rate exceeded", line.get("error"));
        assertEquals(Reason.RUN, reason(world.look(instance)));
        assertEquals(1, world.journal.lines("look_failed").size());
        assertTrue(world.journal.pages().isEmpty());
    }

    @Test
    void aThrottledDescribeOfAWholeBatchIsLookedAtAgain() {
        InstanceId instance = world.launch();
        world.calls.failBefore("groups.describe", new GantryException.Retryable("Rate exceeded", null));
        assertEquals(Reason.RETRYABLE, reason(world.look(world.event(instance))));
    }

    @Test
    void aThrottledHeartbeatIsRepeated() {
        InstanceId instance = running(world);
        world.clock.pass(World.heartbeat().dividedBy(2));
        world.calls.failBefore("groups.heartbeat", new GantryException.Retryable("Rate exceeded", null));
        assertEquals(Reason.RETRYABLE, reason(world.look(instance)));
        assertEquals(Reason.RUN, reason(world.look(instance)));
        assertEquals(2, world.calls.count("groups.heartbeat"));
        assertTrue(world.journal.pages().isEmpty());
    }

    @Test
    void aFalseHintDoesNotMakeTheHeartbeatYounger() {
        InstanceId instance = world.launch();
        Hint future = new Hint("token", world.clock.instant().plusSeconds(86_400));
        world.look(Look.waiting(instance, World.HOOK, future));
        assertEquals(1, world.calls.count("groups.heartbeat"));
    }

    private static GantryException denied() {
        return new GantryException.Misconfigured("not authorised to perform this on the group web");
    }

    private static Trouble mistake(String why) {
        return new Trouble(Trouble.Kind.MISCONFIGURED, why, World.START);
    }
}
