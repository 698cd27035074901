package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Abandon;
import dev.gantry.launch.decide.Decision.Hold;
import dev.gantry.launch.decide.Decision.Proceed;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.reconcile.Operator.Response;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.twin.Policies;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class InterventionsTest {
    private static final String ANNA = "arn:aws:sts::111122223333:assumed-role/oncall/anna";

    private final World world = new World();

    /** An instance of which one run failed; the fleet allows no other. */
    private InstanceId failed() {
        world.fleet(World.WEB, Policies.attempts(1));
        InstanceId instance = running();
        world.fail(instance);
        return instance;
    }

    private InstanceId running() {
        InstanceId instance = world.launch();
        world.online(instance);
        assertEquals(Reason.RUN, reason(world.look(world.event(instance))));
        return instance;
    }

    private static Reason reason(Decision decision) {
        return assertInstanceOf(Decision.Wait.class, decision, decision::why).reason();
    }

    private Response hold(InstanceId instance, Duration time) {
        return world.interventions().hold(instance, time, ANNA);
    }

    private static void assertRefused(String words, Response answer) {
        assertFalse(answer.accepted(), answer::message);
        assertTrue(answer.message().contains(words), answer::message);
    }

    @Test
    void aFailedInstanceThatIsHeldIsAbandonedOnlyAfterwards() {
        InstanceId instance = failed();
        assertTrue(hold(instance, Duration.ofMinutes(30)).accepted());

        Hold held = assertInstanceOf(Hold.class, world.look(instance));
        assertTrue(held.why().contains(ANNA), held::why);
        world.clock.passSeconds(30 * 60);
        assertInstanceOf(Abandon.class, world.look(instance));
    }

    @Test
    void aHeldInstanceOutlivesItsHeartbeatAndItsDeadline() {
        InstanceId instance = running();
        assertTrue(hold(instance, Duration.ofHours(8)).accepted());
        for (int minutes = 0; minutes < 8 * 60 - 1; minutes++) {
            world.minute();
        }

        assertTrue(world.stay(instance).isOpen());
        world.succeed(instance);
        world.minute();
        world.minute();
        assertEquals(
                Closing.Kind.PROVISIONED,
                world.stay(instance).closing().orElseThrow().kind());
    }

    /** Its agent matters again, although it was not asked about after the success. */
    @Test
    void anInstanceWhoseRunSucceededRunsOnceMoreByItsAgent() {
        InstanceId instance = running();
        hold(instance, Duration.ofMinutes(30));
        world.succeed(instance);
        assertInstanceOf(Hold.class, world.look(instance));

        assertTrue(world.interventions().retry(instance, ANNA).accepted());
        assertEquals(Reason.RUN, reason(world.look(instance)));
        assertEquals(2, world.stay(instance).lastAttempt().orElseThrow().number());
    }

    /** The settings say how many runs may fail: with the defaults the breaker would count an instance that has one run left. */
    @Test
    void nothingIsCountedAgainstABundleOfAHeldInstanceWhileTheSettingsAreBroken() {
        world.fleet(
                World.WEB,
                Policy.DEFAULT
                        .but()
                        .attempts(Policy.DEFAULT.attempts() + 1)
                        .launchDeadline(Duration.ofHours(2))
                        .build());
        InstanceId instance = running();
        for (int run = 1; run < Policy.DEFAULT.attempts(); run++) {
            world.fail(instance);
            assertEquals(Reason.BACKOFF, reason(world.look(instance)));
            world.clock.passSeconds(5 * 60);
            assertEquals(Reason.RUN, reason(world.look(instance)));
        }
        assertTrue(hold(instance, Duration.ofMinutes(30)).accepted());
        world.fleets.breakSettings(World.WEB, "settings.json is not JSON");
        world.fail(instance);

        assertInstanceOf(Hold.class, world.look(instance));
        assertEquals(Map.of(), world.failures.objects());
    }

    @Test
    void theCallerIsInTheRecordAndInTheLog() {
        InstanceId instance = running();
        hold(instance, Duration.ofMinutes(30));

        assertEquals(
                ANNA, world.stay(instance).intervention().hold().orElseThrow().by());
        Map<String, ?> line =
                world.journal.lines(EventType.INTERVENED.word()).get(0).fields();
        assertEquals(ANNA, line.get("by"));
        assertEquals("hold", line.get("action"));
    }

    @Test
    void theInstanceProceedsAfterItsHoldIsEnded() {
        InstanceId instance = running();
        hold(instance, Duration.ofMinutes(30));
        world.succeed(instance);
        assertInstanceOf(Hold.class, world.look(instance));

        assertTrue(world.interventions().unhold(instance, ANNA).accepted());
        assertInstanceOf(Proceed.class, world.look(instance));
    }

    @Test
    void withoutAHoldThereIsNothingToEnd() {
        assertRefused("no operator holds", world.interventions().unhold(running(), ANNA));
    }

    @Test
    void aHoldThatIsOverIsNotEndedAgain() {
        InstanceId instance = running();
        hold(instance, Duration.ofMinutes(5));
        world.clock.pass(Duration.ofMinutes(5));

        assertRefused("no operator holds", world.interventions().unhold(instance, ANNA));
    }

    /** Another hook holds the instance: a new wait of Gantry's begins only when it is looked at. */
    @Test
    void aStayThatIsClosedIsNotHeldThoughTheInstanceWaits() {
        InstanceId instance = running();
        world.groups.hold(instance, "backup-agent", World.heartbeat());
        world.succeed(instance);
        assertInstanceOf(Proceed.class, world.look(instance));
        assertEquals("Pending:Wait", world.groups.state(instance));

        assertRefused("look at it", hold(instance, Duration.ofMinutes(5)));
    }

    @Test
    void aHoldEndsBeforeAwsEndsTheWait() {
        InstanceId instance = running();

        assertRefused("48 hours or 100 heartbeats", hold(instance, Duration.ofDays(2)));
        assertTrue(hold(instance, Duration.ofHours(47)).accepted());
    }

    @Test
    void aFailedInstanceRunsOnceMoreAndServesIfThatSucceeds() {
        InstanceId instance = failed();
        hold(instance, Duration.ofMinutes(30));
        world.look(instance);

        assertTrue(world.interventions().retry(instance, ANNA).accepted());
        assertEquals(Reason.RUN, reason(world.look(instance)));
        assertEquals(2, world.stay(instance).lastAttempt().orElseThrow().number());
        world.succeed(instance);
        assertInstanceOf(Hold.class, world.look(instance));
        world.interventions().unhold(instance, ANNA);
        assertInstanceOf(Proceed.class, world.look(instance));
    }

    @Test
    void afterAnotherFailureItIsAbandonedAsAnyOther() {
        InstanceId instance = failed();
        world.interventions().hold(instance, Duration.ofMinutes(30), ANNA);
        world.look(instance);
        world.interventions().retry(instance, ANNA);
        world.look(instance);
        world.fail(instance);
        world.interventions().unhold(instance, ANNA);

        assertInstanceOf(Abandon.class, world.look(instance));
    }

    @Test
    void noSecondRunIsAskedForBesideOneThatIsUnderWay() {
        assertRefused("is under way", world.interventions().retry(running(), ANNA));
    }

    @Test
    void anInstanceThatDoesNotWaitIsNotHeld() {
        InstanceId instance = running();
        world.succeed(instance);
        world.look(instance);
        world.groups.put(instance, World.WEB, "InService");

        assertRefused("it is InService", hold(instance, Duration.ofMinutes(5)));
        assertRefused("in no Auto Scaling group", hold(new InstanceId("i-0aaaaaaaaaaaaaaaa"), Duration.ofMinutes(5)));
    }

    @Test
    void anInstanceThatGantryHasNotSeenIsLookedAtFirst() {
        assertRefused("look at it", hold(world.launch(), Duration.ofMinutes(5)));
    }

    @Test
    void anEndThatIsDecidedIsNotUndone() {
        InstanceId instance = failed();
        world.calls.failBefore("groups.complete", new GantryException.Retryable("Rate exceeded", null));
        world.look(instance);

        assertRefused("is decided already", hold(instance, Duration.ofMinutes(5)));
    }

    @Test
    void anObservedFleetHoldsNothing() {
        InstanceId instance = running();
        world.fleet(World.WEB, Policies.observing());

        assertRefused("only observed", hold(instance, Duration.ofMinutes(5)));
    }

    @Test
    void aGroupWithoutSettingsAndAFleetWhoseSettingsAreBrokenHoldNothingAndSayWhy() {
        InstanceId stray = world.launch(new FleetName("stray"));
        assertRefused("group stray has no settings", hold(stray, Duration.ofMinutes(5)));

        InstanceId instance = running();
        world.fleets.breakSettings(World.WEB, "settings.json is not JSON");
        assertRefused(
                "its waits have no known limit: settings.json is not JSON", hold(instance, Duration.ofMinutes(5)));
    }

    @Test
    void aRecordThatOthersWriteMeanwhileIsReadAgainAndTheWishIsKept() {
        InstanceId instance = running();
        world.calls.meanwhile("ledger.write", () -> world.ledger.put(World.WEB, instance, world.stay(instance)));

        assertTrue(hold(instance, Duration.ofMinutes(5)).accepted());
        assertTrue(world.stay(instance).intervention().hold().isPresent());
    }

    @Test
    void aRecordThatOthersWriteAllTheTimeIsLeftToThem() {
        InstanceId instance = running();
        for (int write = 0; write < 5; write++) {
            world.calls.meanwhile("ledger.write", () -> world.ledger.put(World.WEB, instance, world.stay(instance)));
        }

        assertRefused("others write to the record", hold(instance, Duration.ofMinutes(5)));
        assertTrue(world.stay(instance).intervention().hold().isEmpty());
    }

    @Test
    void aWriteThatFailsIsReportedAndCanBeRepeated() {
        InstanceId instance = running();
        world.ledger.failNextWrite(instance, new GantryException.Retryable("S3 did not answer", null));

        assertThrows(GantryException.class, () -> hold(instance, Duration.ofMinutes(5)));
        assertTrue(hold(instance, Duration.ofMinutes(5)).accepted());
    }
}
