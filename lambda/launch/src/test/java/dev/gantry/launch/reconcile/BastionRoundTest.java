package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Bastion.BastionQuestion;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Channel;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Reply.Said;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.twin.Killed;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fleet with a fallback, with all of the domain's code: Systems Manager does not answer, an agent never comes, or comes back. */
final class BastionRoundTest {
    private static final Duration AFTER = Duration.ofMinutes(12);

    private final World world = new World();

    @BeforeEach
    void theFleetFallsBack() {
        world.fallingBack(AFTER);
    }

    @Test
    void anInstanceEntersServiceAlthoughEverySystemsManagerCallFails() {
        systemsManagerIsAway();
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        minutes(12);
        assertEquals(List.of(Question.START), world.bastion.questions(instance));

        world.bastion.answers(instance, new Said.UnderWay());
        world.minute();
        world.bastion.answers(instance, new Said.Ended(new Verdict.Succeeded()));
        world.minute();

        assertEquals("Pending:Proceed", world.groups.state(instance));
        assertEquals(
                Closing.Kind.PROVISIONED,
                world.stay(instance).closing().orElseThrow().kind());
        Attempt run = world.stay(instance).lastAttempt().orElseThrow();
        assertEquals(Channel.BASTION, run.channel());
        assertTrue(run.detour().orElseThrow().why().contains("has not answered since"));
        assertEquals(List.of(), world.commands.on(instance));
        assertEquals(List.of(), world.journal.pages());
    }

    @Test
    void oneLineSaysThatItFellBackAndWhyAndTheLineOfItsEndRepeatsIt() {
        InstanceId instance = begunOverTheBastion();
        var line = world.journal.lines("fell_back").get(0).fields();
        assertEquals("web", line.get("fleet"));
        assertEquals(instance.value(), line.get("instance"));
        assertTrue(String.valueOf(line.get("why")).contains("the SSM agent is not online"), line::toString);

        succeeds(instance);
        var end = world.journal.lines("proceeded").get(0).fields();
        assertEquals("BASTION", end.get("channel"));
        assertEquals(line.get("why"), end.get("fallback"));
        assertEquals(1, world.journal.lines("fell_back").size());
    }

    @Test
    void anAgentThatComesBackInTheMiddleGetsNoCommand() {
        InstanceId instance = begunOverTheBastion();
        world.online(instance);
        minutes(3);
        assertEquals(List.of(), world.commands.on(instance));
        assertEquals(1, runs(instance).size());
        succeeds(instance);
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void aCommandThatIsOnItsWayHasTheSameRunOverTheBastion() {
        InstanceId instance = world.launch();
        world.online(instance);
        world.look(world.event(instance));
        RunId run = world.stay(instance).lastAttempt().orElseThrow().runId();
        systemsManagerIsAway();
        minutes(12);
        assertEquals(Set.of(run), runs(instance));
        assertEquals(1, world.stay(instance).attempts().size());
        assertTrue(world.stay(instance).lastAttempt().orElseThrow().commandId().isPresent());
    }

    @Test
    void theCommandsSuccessCountsAlthoughTheRunWentOverTheBastion() {
        InstanceId instance = commandMovedToTheBastion();
        world.succeed(instance);
        world.minute();
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void noOtherStatusOfTheCommandEndsTheRunOverTheBastion() {
        for (Verdict verdict : List.of(
                new Verdict.Undelivered("DeliveryTimedOut"),
                new Verdict.RunFailed(World.BROKEN_PLAY),
                new Verdict.Refused("AccessDenied"))) {
            World fresh = new World();
            fresh.fallingBack(AFTER);
            InstanceId instance = commandMovedToTheBastion(fresh);
            fresh.commands.end(instance, verdict);
            fresh.minute();
            assertTrue(fresh.stay(instance).lastAttempt().orElseThrow().isUnderWay(), verdict::toString);
        }
    }

    @Test
    void aMisconfigurationIsPagedAndDoesNotFallBack() {
        world.calls.isAway("agents.", new GantryException.Misconfigured("DescribeInstanceInformation: AccessDenied"));
        InstanceId instance = world.launch();
        minutes(20);
        assertEquals(List.of(), world.bastion.on(instance));
        assertEquals(1, world.journal.pages().size());
    }

    @Test
    void aRefusedSendDoesNotFallBack() {
        InstanceId instance = world.launch();
        world.online(instance);
        for (int minute = 0; minute < 20; minute++) {
            world.commands.refuseNext(new GantryException.Misconfigured("SendCommand: InvalidDocumentVersion"));
            world.minute();
        }
        assertEquals(List.of(), world.bastion.on(instance));
        assertEquals(
                Trouble.Kind.MISCONFIGURED,
                world.stay(instance).trouble().orElseThrow().kind());
    }

    @Test
    void oneCallWithoutAnAnswerIsNoSilence() {
        InstanceId instance = world.launch();
        minutes(11);
        world.clock.passSeconds(55);
        world.online(instance);
        world.calls.failBefore("agents.describe", noAnswer());
        world.clock.passSeconds(10);
        assertEquals(Reason.RETRYABLE, reason(world.look(instance)));
        assertEquals(Reason.RUN, reason(world.look(instance)));
        assertEquals(1, world.commands.on(instance).size());
        assertEquals(List.of(), world.bastion.on(instance));
    }

    @Test
    void aWorkerThatIsKilledAnywhereLeavesOneRunThatIsAskedAbout() {
        int point = 0;
        boolean wasKilled = true;
        while (wasKilled) {
            World fresh = new World();
            fresh.fallingBack(AFTER);
            InstanceId instance = due(fresh);
            fresh.calls.killAt(point);
            wasKilled = isKilled(fresh, instance);
            fresh.calls.live();
            fresh.minute();
            fresh.minute();
            assertEquals(1, runs(fresh, instance).size(), "killed at point " + point);
            fresh.bastion.answers(instance, new Said.Ended(new Verdict.Succeeded()));
            fresh.minute();
            assertEquals("Pending:Proceed", fresh.groups.state(instance), "killed at point " + point);
            point++;
        }
        assertTrue(point > 8, "points: " + point);
    }

    private static boolean isKilled(World world, InstanceId instance) {
        try {
            world.look(instance);
            return false;
        } catch (Killed killed) {
            return true;
        }
    }

    @Test
    void onlyOneOfTwoWorkersAsks() {
        InstanceId instance = due(world);
        world.calls.meanwhile("ledger.write", () -> world.look(instance));
        Decision decision = world.look(instance);
        assertEquals(Reason.CLAIM, reason(decision));
        assertEquals(1, world.bastion.on(instance).size());
        assertEquals(1, world.journal.lines("fell_back").size());
    }

    @Test
    void manyLooksDoNotSendManyMessages() {
        InstanceId instance = begunOverTheBastion();
        for (int second = 0; second < 1800; second += 3) {
            world.bastion.answers(instance, new Said.UnderWay());
            world.clock.passSeconds(3);
            world.look(instance);
        }
        int answered = world.bastion.on(instance).size();
        assertTrue(answered > 100 && answered <= 1 + 1800 / 15, "asked " + answered + " times in half an hour");
    }

    @Test
    void withoutAnAnswerOneMessageAMinuteIsEnough() {
        InstanceId instance = begunOverTheBastion();
        for (int second = 0; second < 1800; second += 3) {
            world.clock.passSeconds(3);
            world.look(instance);
        }
        int unanswered = world.bastion.on(instance).size();
        assertTrue(unanswered > 20 && unanswered <= 1 + 1800 / 60, "asked " + unanswered + " times in half an hour");
        assertEquals(
                Set.of(Question.START),
                Set.copyOf(world.bastion.questions(instance)),
                "the start is asked again, since it may never have arrived");
    }

    @Test
    void fiftyInstancesAreAskedInOneBatch() {
        List<InstanceId> instances = world.launch(50);
        List<Look> looks = instances.stream().map(Look::at).toList();
        world.reconciler().look(looks);
        world.clock.pass(AFTER);
        world.calls.forget();
        world.reconciler().look(looks);
        assertEquals(1, world.calls.count("bastion.ask"));
        assertEquals(1, world.calls.count("ledger.write"));
        instances.forEach(i -> assertEquals(1, world.bastion.on(i).size()));
        assertEquals(
                50, instances.stream().flatMap(i -> runs(i).stream()).distinct().count());
    }

    @Test
    void aFleetWithAFallbackIsMisconfiguredInADeploymentWithoutABastion() {
        world.bastion.isMissing("the environment variable GANTRY_BASTION_QUEUE_URL is not set");
        InstanceId instance = world.launch();
        world.online(instance);
        Decision decision = world.look(instance);
        assertEquals(Reason.MISCONFIGURED, reason(decision));
        assertTrue(decision.why().contains("GANTRY_BASTION_QUEUE_URL"), decision.why());
        world.minute();
        assertEquals(1, world.journal.pages().size());
        assertEquals(List.of(), world.commands.on(instance));
    }

    @Test
    void aQuestionThatTheQueueRefusesIsAskedAgainAndAMisconfigurationIsPagedOnce() {
        InstanceId instance = due(world);
        world.bastion.refuses(instance, new GantryException.Misconfigured("SendMessage: AccessDenied"));
        minutes(3);
        assertEquals(1, world.journal.pages().size());
        assertTrue(world.journal.pages().get(0).message().contains("SendMessage: AccessDenied"));
        assertEquals(1, world.stay(instance).attempts().size());
    }

    @Test
    void anAnswerAboutAnotherRunIsNotBelieved() {
        InstanceId instance = begunOverTheBastion();
        BastionQuestion asked = world.bastion.on(instance).get(0);
        world.bastion.leaves(
                new Reply(new RunId("run-99999999"), instance, asked.at(), new Said.Ended(new Verdict.Succeeded())));
        world.minute();
        assertEquals("Pending:Wait", world.groups.state(instance));
        assertEquals(1, world.journal.lines("answer_about_another_run").size());
    }

    @Test
    void anAnswerThatCannotBeReadIsAMisconfigurationUntilALaterOneReplacesIt() {
        InstanceId instance = begunOverTheBastion();
        world.bastion.leavesUnreadable(instance, new GantryException.Misconfigured("answers/x.json is not JSON"));
        world.clock.passSeconds(5);
        assertEquals(Reason.MISCONFIGURED, reason(world.look(instance)));
        assertEquals(1, world.journal.pages().size());
        world.clock.passSeconds(50);
        world.look(instance);
        assertEquals(1, world.bastion.on(instance).size(), "an unreadable answer does not count as one");
        world.clock.passSeconds(5);
        world.look(instance);
        assertEquals(2, world.bastion.on(instance).size());
        succeeds(instance);
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void aFailureOverTheBastionCountsAndIsTriedAgain() {
        InstanceId instance = begunOverTheBastion();
        world.bastion.answers(instance, new Said.Ended(new Verdict.RunFailed(World.BROKEN_PLAY)));
        world.minute();
        world.minute();
        assertEquals(2, runs(instance).size());
        world.bastion.answers(instance, new Said.Ended(new Verdict.RunFailed(World.BROKEN_PLAY)));
        world.minute();
        assertFalse(world.groups.state(instance).startsWith("Pending"), world.groups.state(instance));
        assertEquals(2, world.stay(instance).failures());
    }

    @Test
    void beforeItsAbandonmentARunOverTheBastionIsCancelled() {
        InstanceId instance = begunOverTheBastion();
        minutes(50);
        assertFalse(world.groups.state(instance).startsWith("Pending"));
        List<Question> asked = world.bastion.questions(instance);
        assertEquals(Question.CANCEL, asked.get(asked.size() - 1));
    }

    @Test
    void aCancellationThatCannotBeSentDelaysNothing() {
        InstanceId instance = begunOverTheBastion();
        world.bastion.refuses(instance, noAnswer());
        minutes(50);
        assertFalse(world.groups.state(instance).startsWith("Pending"));
    }

    @Test
    void afterTheOutageTheNextLaunchGoesOverSystemsManager() {
        systemsManagerIsAway();
        InstanceId first = world.launch();
        world.look(world.event(first));
        minutes(13);
        world.calls.isBack("agents.");
        world.calls.isBack("commands.");
        succeeds(first);

        InstanceId second = world.launch();
        world.online(second);
        world.look(world.event(second));
        assertEquals(1, world.commands.on(second).size());
        assertEquals(List.of(), world.bastion.on(second));
    }

    private static GantryException noAnswer() {
        return new GantryException.Retryable("ssm: connection timed out", null);
    }

    private void systemsManagerIsAway() {
        world.calls.isAway("agents.", noAnswer());
        world.calls.isAway("commands.", noAnswer());
    }

    /** An instance without an agent that falls back at the next look. */
    private static InstanceId due(World world) {
        InstanceId instance = world.launch();
        world.look(instance);
        world.clock.pass(AFTER);
        return instance;
    }

    /** An instance without an agent whose run has just been asked to begin over the bastion. */
    private InstanceId begunOverTheBastion() {
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        minutes(12);
        assertEquals(List.of(Question.START), world.bastion.questions(instance));
        return instance;
    }

    private InstanceId commandMovedToTheBastion() {
        return commandMovedToTheBastion(world);
    }

    /** An instance that has a command, with Systems Manager back after a silence in which its run went over the bastion. */
    private static InstanceId commandMovedToTheBastion(World world) {
        InstanceId instance = world.launch();
        world.online(instance);
        world.look(world.event(instance));
        world.calls.isAway("commands.", noAnswer());
        for (int minute = 0; minute < 13; minute++) {
            world.minute();
        }
        assertTrue(world.stay(instance).lastAttempt().orElseThrow().isOverTheBastion());
        world.calls.isBack("commands.");
        return instance;
    }

    private void succeeds(InstanceId instance) {
        world.bastion.answers(instance, new Said.Ended(new Verdict.Succeeded()));
        world.minute();
    }

    private void minutes(int count) {
        for (int minute = 0; minute < count; minute++) {
            world.minute();
        }
    }

    private Set<RunId> runs(InstanceId instance) {
        return runs(world, instance);
    }

    private static Set<RunId> runs(World world, InstanceId instance) {
        return world.bastion.on(instance).stream().map(q -> q.order().run()).collect(Collectors.toSet());
    }

    private static Reason reason(Decision decision) {
        return assertInstanceOf(Wait.class, decision).reason();
    }
}
