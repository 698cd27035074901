package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.stay.Reply.Said;
import dev.gantry.launch.stay.Silence;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.twin.Policies;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a fleet with a fallback learns from the calls to Systems Manager, and what it asks over the bastion. */
final class SilenceTest {
    private final World world = new World();

    @BeforeEach
    void theFleetFallsBack() {
        world.fallingBack(Duration.ofMinutes(12));
    }

    private static GantryException noAnswer() {
        return new GantryException.Retryable("no answer", null);
    }

    private InstanceId online() {
        InstanceId instance = world.launch();
        world.online(instance);
        return instance;
    }

    private InstanceId running() {
        InstanceId instance = online();
        world.look(world.event(instance));
        return instance;
    }

    /** An instance whose claim has no command: the send was lost. */
    private InstanceId claimed() {
        InstanceId instance = online();
        world.commands.loseNextRequest();
        world.look(world.event(instance));
        return instance;
    }

    private Optional<Silence> silence(InstanceId instance) {
        return world.stay(instance).silence();
    }

    @Test
    void aRunWhoseProgressIsNotAnsweredIsSilentFromItsFirstLook() {
        InstanceId instance = running();
        world.calls.isAway("commands.", noAnswer());
        world.look(instance);

        assertEquals(Optional.of(Silence.from(world.clock.instant())), silence(instance));
    }

    @Test
    void aRefusalIsAnAnswer() {
        InstanceId instance = running();
        world.calls.isAway("commands.", noAnswer());
        world.look(instance);
        world.calls.isAway("commands.", new GantryException.Misconfigured("AccessDenied"));
        world.look(instance);

        assertEquals(Optional.empty(), silence(instance));
    }

    /** The claim's owner may still be at work, so its command is not searched yet. */
    @Test
    void aSearchThatIsNotAnsweredSaysNothingAboutAClaimThatIsTooYoungForIt() {
        InstanceId old = claimed();
        world.clock.pass(World.TAKEOVER);
        InstanceId young = claimed();
        world.calls.isAway("commands.", noAnswer());
        world.reconciler().look(List.of(Look.at(old), Look.at(young)));

        assertTrue(silence(old).isPresent());
        assertEquals(Optional.empty(), silence(young));
    }

    @Test
    void aRunOverTheBastionAsksSystemsManagerNothingAndLearnsNothingOfIt() {
        world.calls.isAway("agents.", noAnswer());
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        for (int minute = 0; minute < 12; minute++) {
            world.minute();
        }
        Optional<Silence> before = silence(instance);
        assertTrue(before.isPresent());
        assertEquals(List.of(Question.START), world.bastion.questions(instance));
        assertEquals(Optional.empty(), world.stay(instance).trouble(), "its run is no longer troubled");
        world.calls.isBack("agents.");
        world.clock.pass(World.TAKEOVER);
        world.look(instance);

        assertEquals(before, silence(instance));
    }

    @Test
    void aSendThatWasProvenLostIsRepeatedOverSystemsManagerIfTheAgentIsThere() {
        InstanceId instance = claimed();
        world.clock.pass(Duration.ofMinutes(12));
        for (int look = 0; look < 3; look++) {
            world.look(instance);
            world.clock.passSeconds(30);
        }
        world.look(instance);

        assertEquals(List.of(), world.bastion.on(instance));
        assertEquals(1, world.commands.on(instance).size());
    }

    @Test
    void noAgentIsAskedForWhileARunGoesOnNorAfterARequestedRunHasEnded() {
        InstanceId instance = running();
        world.calls.forget();
        world.look(instance);
        assertEquals(0, world.calls.count("agents.describe"));

        world.interventions().hold(instance, Duration.ofMinutes(30), "ann");
        world.succeed(instance);
        world.look(instance);
        world.interventions().retry(instance, "ann");
        world.look(instance);
        world.succeed(instance);
        world.look(instance);
        assertEquals(2, world.commands.on(instance).size());
        world.calls.forget();
        world.look(instance);
        assertEquals(0, world.calls.count("agents.describe"));
    }

    @Test
    void aRunThatIsUnderWayIsAskedForItsStatus() {
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        for (int minute = 0; minute < 12; minute++) {
            world.minute();
        }
        world.bastion.answers(instance, new Said.UnderWay());
        world.minute();

        assertEquals(List.of(Question.START, Question.STATUS), world.bastion.questions(instance));
    }

    @Test
    void questionsAreLoggedWithTheirRunsAndWithWhyTheyWereNotSent() {
        InstanceId refused = world.launch();
        world.bastion.refuses(refused, new GantryException.Retryable("SQS is away", null));
        InstanceId asked = world.launch();
        for (int minute = 0; minute < 13; minute++) {
            world.minute();
        }
        String run = world.stay(asked).lastAttempt().orElseThrow().runId().value();

        assertEquals(
                Map.of(
                        "fleet",
                        "web",
                        "question",
                        "START",
                        "runs",
                        Map.of(refused.value(), "not sent: SQS is away", asked.value(), run)),
                world.journal.lines("bastion_asked").get(0).fields());
    }

    @Test
    void onlyARunOverTheBastionIsCancelledAndThatIsLogged() {
        InstanceId begunOverTheBastion = world.launch();
        world.look(world.event(begunOverTheBastion));
        for (int minute = 0; minute < 60; minute++) {
            world.minute();
        }
        assertEquals("Terminating", world.groups.state(begunOverTheBastion));
        assertEquals(
                "CANCEL",
                world.journal
                        .lines("bastion_asked")
                        .get(world.journal.lines("bastion_asked").size() - 1)
                        .fields()
                        .get("question"));

        Policy once = Policies.attempts(1)
                .with(world.fleets
                        .find(World.WEB)
                        .orElseThrow()
                        .fleet()
                        .policy()
                        .fallback());
        world.fleet(World.WEB, once);
        InstanceId failed = running();
        world.fail(failed);
        world.look(failed);
        assertEquals("Terminating", world.groups.state(failed));
        assertEquals(List.of(), world.bastion.on(failed));
    }

    @Test
    void theEndOfARunOverTheBastionIsNotAskedForAgain() {
        InstanceId instance = world.launch();
        world.look(world.event(instance));
        for (int minute = 0; minute < 12; minute++) {
            world.minute();
        }
        world.bastion.answers(instance, new Said.Ended(new Verdict.Succeeded()));
        world.minute();
        world.calls.forget();
        world.groups.state(instance, "Pending:Wait");
        world.look(instance);

        assertEquals(0, world.calls.count("bastion.replies"));
    }
}
