package dev.gantry.operator;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.operator.Explanation.NextStep;
import dev.gantry.operator.SampleInstances.Sample;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The next steps for an operator, and the commands to copy. */
class NextStepsTest {
    private static final String INVOCATION = "aws ssm list-command-invocations --details --command-id "
            + SampleInstances.COMMAND + " --instance-id " + SampleInstances.INSTANCE;

    private static List<NextStep> of(Sample sample) {
        return Explainer.explain(sample.evidence()).next();
    }

    private static List<NextStep> of(String sample) {
        return Explainer.explain(SampleInstances.all().get(sample)).next();
    }

    private static String commands(List<NextStep> steps) {
        return steps.stream().flatMap(step -> step.command().stream()).collect(joining("; "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            never-just-launched   | Nothing, or have Gantry look now.
            never-overlooked      | Find out why Gantry does not look.
            never-before-the-hook | Nothing: only launches from now on pass Gantry.
            never-leaving         | Nothing: only launches from now on pass Gantry.
            never-without-a-hook  | Is it bypassed?
            never-no-fleet        | See which groups are fleets.
            never-no-group        | Ask EC2 whether it exists here, and where it came from.
            wait-agent            | Find out what keeps the agent away: role, network, metadata.
            wait-run              | Follow the run's output.
            wait-backoff          | Nothing, where the cause passes: the next run comes by itself.
            wait-interruption     | Nothing: EC2 takes the Spot instance back, and the group launches another.
            wait-claim            | Nothing: it is certain within 3 m.
            wait-retryable        | Nothing: Gantry looks again by itself. To have it now:
            wait-hook             | Nothing, where it has just been launched. Otherwise see which hooks hold it:
            wait-settings-gone    | Check the fleet.
            run                   | Nothing: the next look does it, within a minute. To have it now:
            hold                  | Look at it before 2026-11-29 03:33:11 UTC; then it is abandoned.
            held-by-an-operator   | Look at it before 2026-11-29 05:02:06 UTC.
            provisioned           | Nothing: its launch is over.
            observed              | Nothing: its launch is over.
            taken-back            | Nothing: EC2 takes the Spot instance back, and the group launches another.
            elsewhere             | Find out who completed the launch, or terminated the instance.
            abandoned-run-failed  | Read the run's whole output (kept for 30 days).
            abandoned-quarantined | See which bundle the fleet's launches take now.
            unread-agent          | Repair what could not be read (below), and ask again.
            unread-ledger         | Repair what could not be read (below), and ask again.
            """)
    void theFirstStepFollowsFromWhatHolds(String sample, String words) {
        assertEquals(words, of(sample).get(0).words());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            never-just-launched  | gantry look i-0123456789abcdef0
            never-overlooked     | gantry doctor web --instance i-0123456789abcdef0; gantry look i-0123456789abcdef0
            never-without-a-hook | scripts/bypass show web; gantry doctor web
            wait-misconfigured   | gantry look i-0123456789abcdef0
            wait-settings-gone   | gantry doctor web
            wait-backoff         | gantry publish web
            abandoned-deadline   | gantry doctor web
            abandoned-quarantined| gantry releases web; gantry publish web
            unread-agent         |
            """)
    void eachStepHasItsCommand(String sample, String commands) {
        assertEquals(Optional.ofNullable(commands).orElse(""), commands(of(sample)));
    }

    @Test
    void aRunsOutputIsAskedForByItsCommand() {
        assertEquals(INVOCATION, commands(of("wait-run")));
        assertEquals(INVOCATION + "; gantry publish web", commands(of("abandoned-run-failed")));
    }

    @Test
    void aHoldThatAnOperatorAskedForCanBeGivenUpAndAnotherCanBeMadeLonger() {
        assertTrue(commands(of("held-by-an-operator")).contains("gantry unhold i-0123456789abcdef0"));
        assertTrue(commands(of("hold")).contains("gantry hold i-0123456789abcdef0 --for 2h"));
    }

    /** The policy's own hold goes on after an operator's hold, which is over and cannot be given up. */
    @Test
    void anOperatorsHoldThatIsOverIsNotTakenForTheOneThatLasts() {
        String commands = commands(of(
                new Sample().hold().stay(SampleInstances.HELD_BY_ANNA).online().after(190)));

        assertTrue(commands.contains("gantry hold") && !commands.contains("gantry unhold"), commands);
    }

    @Test
    void anAbandonmentWithoutACommandHasNoOutputToRead() {
        Closing failed = Closing.abandoning(
                Cause.RUN_FAILED, "its run failed", Optional.of(SampleInstances.FAILURE), SampleInstances.HELD);
        Sample sample = new Sample().stay(SampleInstances.OPEN.withClosing(failed.done(SampleInstances.HELD)));

        assertEquals("gantry publish web", commands(of(sample)));
    }

    /** The settings were not read, so it is not known whether they are missing. */
    @Test
    void ifSettingsCouldNotBeReadTheFleetIsNotCalledBroken() {
        var denied = SampleCheckups.denied("GetObject");

        assertEquals(
                "Repair what could not be read (below), and ask again.",
                of(new Sample().stay(SampleInstances.OPEN).viewUnread(denied))
                        .get(0)
                        .words());
    }

    /** An answer that does not depend on the agent is given even if the agent could not be asked about. */
    @Test
    void whatIsCertainIsToldAlthoughTheAgentCouldNotBeAskedAbout() {
        var denied = SampleCheckups.denied("DescribeInstanceInformation");
        Sample due = new Sample().stay(SampleInstances.OPEN).agentUnread(denied).after(1000);

        assertEquals("gantry look i-0123456789abcdef0", commands(of(due)));
    }
}
