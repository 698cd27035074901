package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.operator.Explanation.Mood;
import dev.gantry.operator.Explanation.Standing;
import dev.gantry.operator.SampleInstances.Sample;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator reads first: how an instance stands, in a few words. */
class StandingsTest {
    private static Standing of(Sample sample) {
        return Explainer.explain(sample.evidence()).standing();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            never-just-launched          | WAITING | was launched just now
            never-overlooked             | BAD     | waits, and Gantry has not looked at it
            never-before-the-hook        | UNKNOWN | went into service without Gantry
            never-without-a-hook         | BAD     | was never held by Gantry
            never-no-fleet               | UNKNOWN | is not in Gantry's care
            never-no-group               | UNKNOWN | is in no Auto Scaling group of this account and Region
            never-leaving                | UNKNOWN | leaves its group, and Gantry has no record of it
            wait-hook                    | WAITING | is not held by the launch hook yet
            wait-state                   | WAITING | is in a state on its way
            wait-agent                   | WAITING | waits for its SSM agent
            wait-interruption            | WAITING | is taken back by EC2
            run                          | WAITING | is due for run 1
            extend                       | WAITING | waits, and its heartbeat is due to be renewed
            wait-claim                   | WAITING | waits until it is certain whether its run was sent
            wait-run                     | WAITING | waits for its run to end
            proceed                      | WAITING | is about to be let into service
            wait-backoff                 | WAITING | waits for its next run
            wait-ask                     | WAITING | waits for its run over the bastion
            fall-back                    | WAITING | is due for run 1, over the bastion
            wait-misconfigured           | BAD     | waits for a repair
            wait-settings-gone           | BAD     | waits for a repair
            wait-retryable               | WAITING | waits because AWS does not answer well
            held-by-an-operator          | WAITING | is held by an operator until 05:02:06
            hold                         | BAD     | failed, and is kept for a look until 03:33:11
            abandon                      | BAD     | is about to be abandoned
            provisioned                  | GOOD    | was let into service
            observed                     | GOOD    | was let pass without a run: its fleet is only observed
            abandoned-run-failed         | BAD     | was abandoned
            taken-back                   | UNKNOWN | was taken back by EC2
            elsewhere                    | UNKNOWN | went on without Gantry's word
            unread-ledger                | UNKNOWN | has a record that could not be read
            unread-agent                 | UNKNOWN | waits, and too little could be read to say for what
            """)
    void anInstanceStandsAsItsEvidenceShows(String sample, Mood mood, String headline) {
        Standing standing = Explainer.explain(SampleInstances.all().get(sample)).standing();

        assertEquals(headline, standing.headline());
        assertEquals(mood, standing.mood());
    }

    @Test
    void aHoldThatIsOverNoLongerKeepsAnInstance() {
        Standing afterIt = of(
                new Sample().hold().stay(SampleInstances.HELD_BY_ANNA).online().after(190));

        assertEquals("failed, and is kept for a look until 03:33:11", afterIt.headline());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            PROVISIONED | Terminating | UNKNOWN | was let into service, and has left its group since
            OBSERVED    | Terminating | UNKNOWN | was let pass without a run: its fleet is only observed, and has left its group since
            ELSEWHERE   | Terminating | UNKNOWN | went on without Gantry's word, and has left its group since
            PROVISIONED | Standby     | GOOD    | was let into service
            ABANDONED   | Terminating | BAD     | was abandoned
            """)
    void anInstanceThatHasLeftSinceIsNotTakenForOneInService(
            Closing.Kind kind, String state, Mood mood, String headline) {
        Stay closed = SampleInstances.OPEN.withClosing(
                Closing.proceeding(kind, "its end", SampleInstances.HELD).done(SampleInstances.HELD));

        Standing standing = of(new Sample().state(state).stay(closed).after(3600));

        assertEquals(headline, standing.headline());
        assertEquals(mood, standing.mood());
    }

    /** An end is in the ledger before Auto Scaling is called, so the ledger alone does not prove that it happened. */
    @Test
    void anEndThatAutoScalingHasNotConfirmedIsStillToCome() {
        Stay decided = SampleInstances.OPEN.withClosing(Closing.abandoning(
                Cause.LAUNCH_DEADLINE, "its time is over", Optional.empty(), SampleInstances.HELD.plusSeconds(60)));
        Evidence seen = new Sample().stay(decided).after(70).evidence();

        assertEquals(
                "is about to be abandoned", Explainer.explain(seen).standing().headline());
        assertEquals(
                "Nothing: the next look does it, within a minute. To have it now:",
                Explainer.explain(seen).next().get(0).words());
        assertEquals("Abandon", LaunchLines.of(seen).step());
        assertTrue(LaunchLines.of(seen).isOpen());
    }

    @Test
    void anInstanceThatIsNoLongerInAGroupHasLeftToo() {
        Stay closed = SampleInstances.OPEN.withClosing(
                Closing.proceeding(Closing.Kind.PROVISIONED, "its end", SampleInstances.HELD)
                        .done(SampleInstances.HELD));

        assertEquals(
                "was let into service, and has left its group since",
                of(new Sample().noGroup().fleet().stay(closed).after(3600)).headline());
    }

    @Test
    void aSpotInstanceThatIsStillThereWasNotTakenBack() {
        Stay interrupted = SampleInstances.interrupted(SampleInstances.OPEN);

        Standing standing = of(new Sample().state("InService").stay(interrupted).after(600));

        assertEquals("went on without Gantry's word", standing.headline());
    }

    /** A description that is younger than the stay may be older than the record: nothing is decided on it. */
    @Test
    void aJustOpenedStayIsNotClosedByADescriptionThatMayBeOld() {
        Standing standing = of(new Sample()
                .state("InService")
                .stay(SampleInstances.OPEN)
                .online()
                .after(30));

        assertEquals("is in a state on its way", standing.headline());
        assertEquals("Wait:STATE", standing.decision().orElseThrow());
    }

    @Test
    void aFleetWhoseSettingsWereDeletedIsNamed() {
        Standing standing = Explainer.explain(SampleInstances.all().get("wait-settings-gone"))
                .standing();

        assertTrue(standing.why().contains("s3://gantry-bucket/fleets/web/settings.json"), standing::why);
    }

    @Test
    void whatCouldNotBeReadIsNotTakenForMissing() {
        var denied = SampleCheckups.denied("DescribeAutoScalingInstances");

        assertEquals(
                "could not be looked up",
                of(new Sample().noGroup().stayUnread(denied)).headline());
        assertEquals(
                "has no record in Gantry's ledger, and Auto Scaling could not be asked",
                of(new Sample().memberUnread(denied)).headline());
        assertEquals(
                "is of a fleet whose settings could not be read",
                of(new Sample().viewUnread(denied)).headline());
        assertEquals(
                "waits, and too little could be read to say for what",
                of(new Sample().stay(SampleInstances.OPEN).viewUnread(denied)).headline());
    }

    @Test
    void anOpenStayIsNotOverBecauseAutoScalingCouldNotBeAsked() {
        Sample sample = new Sample()
                .memberUnread(SampleCheckups.denied("DescribeAutoScalingInstances"))
                .stay(SampleInstances.OPEN);

        assertEquals(
                "waits, and too little could be read to say for what",
                of(sample).headline());
        assertEquals(
                "went on without Gantry's word, and has left its group since",
                of(new Sample().noGroup().fleet().stay(SampleInstances.OPEN).after(600))
                        .headline());
    }

    /** Systems Manager may report success for a run that the ledger knows to have failed. */
    @Test
    void whatTheLedgerSaysAboutTheEndOfARunStays() {
        Standing standing = of(new Sample()
                .stay(SampleInstances.OPEN.with(SampleInstances.failed(1, 30)))
                .progress(new Progress.Ended(new Verdict.Succeeded()))
                .online()
                .after(110));

        assertEquals("waits for its next run", standing.headline());
    }

    @Test
    void aTroubleOfTheLastLookIsStillTheReasonNow() {
        Standing standing = Explainer.explain(SampleInstances.all().get("wait-functions-not-permitted"))
                .standing();

        assertTrue(standing.why().contains("ssm:SendCommand"), standing::why);
    }
}
