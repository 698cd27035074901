package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Intervention;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.operator.Explanation.Moment;
import dev.gantry.operator.SampleInstances.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The timeline of a launch, as an operator reads it. */
class StoryTest {
    private static final Instant HELD = SampleInstances.HELD;
    private static final Attempt CLAIMED =
            Attempt.claimed(1, SampleInstances.RUN, "owner", SampleInstances.BUNDLE, HELD.plusSeconds(30));
    private static final Attempt SENT = CLAIMED.sent(SampleInstances.COMMAND);

    private static List<String> of(Evidence seen) {
        return Explainer.explain(seen).story().stream().map(StoryTest::line).toList();
    }

    private static List<String> of(Sample sample) {
        return of(sample.evidence());
    }

    private static List<String> of(String sample) {
        return of(SampleInstances.all().get(sample));
    }

    private static String line(Moment moment) {
        return moment.at().map(Times::clock).orElse("--:--:--") + " " + moment.mood() + " " + moment.what() + ": "
                + moment.detail();
    }

    private static String last(List<String> story) {
        return story.get(story.size() - 1);
    }

    @Test
    void anAbandonmentIsToldFromTheLaunchToTheTermination() {
        String failure =
                "task 'rtsp_server : Prove that every stream can be played': stream one: nothing listens on the"
                        + " server's port";
        assertEquals(
                List.of(
                        "03:00:00 GOOD launched: by Auto Scaling",
                        "03:00:06 GOOD held: first seen at the service gate, hook gantry, stay 1",
                        "03:00:36 WAITING run 1: of bundle 3f5a90c2d1e4",
                        "03:01:41 BAD run 1 failed: " + failure,
                        "03:02:06 WAITING run 2: of bundle 3f5a90c2d1e4",
                        "03:03:11 BAD run 2 failed: " + failure,
                        "03:03:12 BAD abandoned: run 2 of 2 failed: " + failure,
                        "03:03:20 BAD terminated: its lifecycle hook was completed with ABANDON"),
                of("abandoned-run-failed"));
    }

    @Test
    void aLaunchThatWentWellIsToldWithItsAgent() {
        assertEquals(
                List.of(
                        "03:00:00 GOOD launched: by Auto Scaling",
                        "03:00:06 GOOD held: first seen at the service gate, hook gantry, stay 1",
                        "03:00:25 GOOD agent: online; its last ping",
                        "03:00:36 WAITING run 1: of bundle 3f5a90c2d1e4",
                        "03:01:41 GOOD run 1 ready: every task succeeded, the readiness check included",
                        "03:01:42 GOOD let go: run 1 applied bundle 3f5a90c2d1e4 (run-fmgxkywrjmhz7yfx)"),
                of("provisioned"));
    }

    @Test
    void anObservedInstanceWasLetGoWell() {
        assertTrue(of("observed").toString().contains("03:00:07 GOOD let go: observe mode"));
    }

    @Test
    void anEndThatWasNotGantrysIsNeitherGoodNorBad() {
        assertTrue(last(of("elsewhere")).startsWith("03:10:00 UNKNOWN ended: the instance was seen InService"));
    }

    @Test
    void anEndThatAutoScalingHasNotConfirmedSaysSo() {
        Closing decided =
                Closing.abandoning(Cause.LAUNCH_DEADLINE, "its time is over", Optional.empty(), HELD.plusSeconds(3600));

        List<String> story =
                of(new Sample().stay(SampleInstances.OPEN.withClosing(decided)).after(3610));

        assertTrue(
                story.contains("04:00:06 BAD abandoned: its time is over (Auto Scaling has not confirmed it yet)"),
                story::toString);
    }

    @Test
    void aRunWhoseCommandIsNotKnownYetSaysSo() {
        assertTrue(of("wait-claim")
                .contains("03:00:36 WAITING run 1: of bundle 3f5a90c2d1e4, its command is not known yet"));
    }

    @Test
    void aRunOverTheBastionSaysWhyItGoesThere() {
        assertTrue(
                of("wait-ask")
                        .contains(
                                "03:00:46 WAITING run 1: of bundle 3f5a90c2d1e4 over the bastion: the SSM agent is not online"));
    }

    @Test
    void aRunThatIsUnderWayHasItsStatusInSystemsManager() {
        assertEquals("03:01:20 WAITING run 1: is InProgress in Systems Manager", last(of("wait-run")));
    }

    @Test
    void aRunThatHasEndedIsNotUnderWayWhateverSystemsManagerSays() {
        Sample ended = new Sample()
                .stay(SampleInstances.OPEN.with(SENT.ended(HELD.plusSeconds(90), new Verdict.Refused("AccessDenied"))))
                .progress(new Progress.UnderWay("InProgress"))
                .after(120);

        List<String> story = of(ended);

        assertTrue(story.contains("03:01:36 BAD run 1 refused: AccessDenied"), story::toString);
        assertFalse(story.toString().contains("InProgress"), story::toString);
    }

    @Test
    void aRunThatWasNotDeliveredIsLost() {
        Attempt lost = SENT.ended(HELD.plusSeconds(90), new Verdict.Undelivered("TimedOut (DeliveryTimedOut)"));

        assertTrue(of(new Sample().stay(SampleInstances.OPEN.with(lost)).after(120))
                .contains("03:01:36 BAD run 1 lost: never got to its end: TimedOut (DeliveryTimedOut)"));
    }

    @Test
    void aTroubleIsToldAsLongAsTheStayIsOpen() {
        Evidence open = SampleInstances.all().get("wait-functions-not-permitted");
        Closing over = Closing.elsewhere("it went on", HELD.plusSeconds(60));
        Sample closed =
                new Sample().stay(open.stored().orElseThrow().withClosing(over)).after(120);

        assertTrue(of(open).toString().contains("03:00:46 BAD trouble: SendCommand on 1 instances"));
        assertFalse(of(closed).toString().contains("trouble"));
    }

    @Test
    void whatOperatorsAskedForIsToldWithWhoAskedIt() {
        String anna = "arn:aws:sts::111122223333:assumed-role/oncall/anna";
        Instant asked = HELD.plusSeconds(120);
        Sample unheld = new Sample()
                .stay(SampleInstances.OPEN.with(Intervention.NONE.with(new Intervention.Hold(asked, anna, asked))))
                .after(190);

        assertTrue(of("retry").contains("03:02:06 WAITING hold: until 2026-11-29 05:02:06 UTC, asked by " + anna));
        assertTrue(of("retry").contains("03:02:06 WAITING retry: run 3 asked by " + anna));
        assertTrue(of(unheld).contains("03:02:06 WAITING unhold: asked by " + anna));
    }

    @Test
    void aSpotInterruptionIsTold() {
        assertTrue(of("wait-interruption")
                .contains("03:01:06 BAD interrupted: EC2 announced that it takes this Spot instance back"));
    }

    @Test
    void anAgentThatSystemsManagerDoesNotKnowIsToldOfAnInstanceThatWaits() {
        String unknown = "--:--:-- BAD agent: Systems Manager does not know this instance";

        assertEquals(unknown, last(of("wait-agent")));
        assertFalse(of("never-before-the-hook").contains(unknown), "nothing waits for its agent");
        assertFalse(of("unread-agent").contains(unknown), "it is not known");
    }

    @Test
    void anAgentThatWentAwayIsToldAtItsLastPing() {
        Sample away = new Sample()
                .stay(SampleInstances.OPEN)
                .agent(new Agent(false, Optional.of(HELD.plusSeconds(20))))
                .after(600);

        assertEquals("03:00:26 BAD agent: not online; its last ping", last(of(away)));
    }

    @Test
    void aPingIsToldUpToTheTimeOfTheLook() {
        Sample now = new Sample().agent(new Agent(true, Optional.of(SampleInstances.LAUNCHED.plusSeconds(60))));

        assertEquals("03:01:00 GOOD agent: online; its last ping", last(of(now.after(60))));
        assertEquals("03:00:00 GOOD launched: by Auto Scaling", last(of(now.after(59))), "a clock that is behind");
    }

    @Test
    void theLastTerminationIsTheOneThatCounts() {
        Evidence seen = SampleInstances.all().get("abandoned-run-failed");
        Activity first = new Activity(HELD, "Terminating EC2 instance: i", "it was tried");
        Activity other = new Activity(HELD, "Attaching an existing EC2 instance: i", "by hand");
        Evidence twice = new Evidence(
                seen.instance(),
                seen.now(),
                seen.takeover(),
                seen.place(),
                new Evidence.FromAutoScaling(
                        seen.autoScaling().member(),
                        new dev.gantry.launch.port.Result.Ok<>(List.of(
                                other,
                                seen.activities().get(0),
                                first,
                                seen.activities().get(1))),
                        seen.autoScaling().launchHooks()),
                seen.gantry(),
                seen.systemsManager());

        assertEquals(of(seen), of(twice));
    }
}
