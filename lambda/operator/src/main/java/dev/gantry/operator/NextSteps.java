package dev.gantry.operator;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Stay;
import dev.gantry.operator.Explanation.NextStep;
import java.util.List;
import java.util.Optional;

/** What to do now, with the command to copy. */
final class NextSteps {
    private static final String TAKEN_BACK =
            "Nothing: EC2 takes the Spot instance back, and the group launches another.";

    private final Evidence seen;
    private final Optional<Stay> stay;

    private NextSteps(Evidence seen, Belief belief) {
        this.seen = seen;
        this.stay = belief.stay();
    }

    static List<NextStep> of(Evidence seen, Belief belief) {
        NextSteps steps = new NextSteps(seen, belief);
        Optional<Closing> end =
                belief.stay().filter(s -> s.closedAt().isPresent()).flatMap(Stay::closing);
        if (end.isPresent()) {
            return steps.afterTheEnd(end.get());
        } else if (belief.stay().isEmpty()) {
            return steps.withoutRecord(belief);
        }
        return belief.decision().map(steps::now).orElseGet(steps::undecided);
    }

    /** Where nothing failed to be read, the fleet has no settings. */
    private List<NextStep> undecided() {
        return List.of(
                seen.isWhole()
                        ? step("Check the fleet.", "gantry doctor " + group())
                        : words("Repair what could not be read (below), and ask again."));
    }

    private List<NextStep> now(Decision decision) {
        if (decision instanceof Decision.Wait wait) {
            return waiting(wait.reason());
        } else if (decision instanceof Decision.Hold hold) {
            return held(hold);
        }
        return List.of(step("Nothing: the next look does it, within a minute. To have it now:", look()));
    }

    private List<NextStep> held(Decision.Hold hold) {
        boolean isAsked = stay.flatMap(s -> s.intervention().hold())
                .filter(asked -> asked.until().equals(hold.until()))
                .isPresent();
        return List.of(
                step(
                        "Look at it before " + Times.full(hold.until()) + (isAsked ? "." : "; then it is abandoned."),
                        "aws ssm start-session --target " + seen.instance()),
                step("Have it run once more, after a repair.", "gantry retry " + seen.instance()),
                isAsked
                        ? step("Decide about it now, as without a hold.", "gantry unhold " + seen.instance())
                        : step("Keep it longer.", "gantry hold " + seen.instance() + " --for 2h"),
                publish("Fix the playbook and publish it; the next launches take it."));
    }

    private List<NextStep> waiting(Decision.Reason reason) {
        return switch (reason) {
            case AGENT -> List.of(
                    step("Find out what keeps the agent away: role, network, metadata.", doctor()),
                    step(
                            "Read what the instance said while it booted.",
                            "aws ec2 get-console-output --latest --output text --instance-id " + seen.instance()));
            case RUN -> List.of(step("Follow the run's output.", command()));
            case BACKOFF -> List.of(
                    words("Nothing, where the cause passes: the next run comes by itself."),
                    publish("Where the playbook is at fault, publish a fixed one; the next run takes it."));
            case INTERRUPTION -> List.of(words(TAKEN_BACK));
            case MISCONFIGURED -> List.of(
                    words("Repair what the reason names before the launch deadline; the instance is kept until then."),
                    step("Then have Gantry look again.", look()));
            case CLAIM -> List.of(words("Nothing: it is certain within "
                    + Times.span(seen.takeover().plusMinutes(1)) + "."));
            case RETRYABLE -> List.of(step("Nothing: Gantry looks again by itself. To have it now:", look()));
            case HOOK, STATE -> List.of(step(
                    "Nothing, where it has just been launched. Otherwise see which hooks hold it:",
                    "aws autoscaling describe-lifecycle-hooks --auto-scaling-group-name " + group()));
        };
    }

    private List<NextStep> afterTheEnd(Closing end) {
        return switch (end.kind()) {
            case PROVISIONED, OBSERVED -> List.of(words("Nothing: its launch is over."));
            case ELSEWHERE -> stay.flatMap(Stay::interruptedAt).isPresent()
                    ? List.of(words(TAKEN_BACK))
                    : List.of(step(
                            "Find out who completed the launch, or terminated the instance.",
                            "aws cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue="
                                    + seen.instance()));
            case ABANDONED -> abandoned(end.abandonedFor());
        };
    }

    private List<NextStep> abandoned(Cause cause) {
        NextStep releases = step("See which bundle the fleet's launches take now.", "gantry releases " + group());
        return switch (cause) {
            case RUN_FAILED -> stay.flatMap(Stay::lastAttempt)
                            .flatMap(Attempt::commandId)
                            .isPresent()
                    ? List.of(
                            step("Read the run's whole output (kept for 30 days).", command()),
                            publish("Fix the playbook and publish it; the next launches take it."))
                    : List.of(publish("Fix the playbook and publish it; the next launches take it."));
            case LAUNCH_DEADLINE -> List.of(
                    words("Repair what the reason names. If launches are only slow, raise launchDeadlineSeconds."),
                    step("Check the fleet.", "gantry doctor " + group()));
            case BUNDLE_QUARANTINED -> List.of(
                    releases, publish("Publish a fixed bundle, or lift the quarantine: gantry lift --help."));
        };
    }

    private List<NextStep> withoutRecord(Belief belief) {
        if (!seen.isWhole()) {
            return List.of(words("Repair what could not be read (below), and ask again."));
        } else if (seen.member().isEmpty()) {
            return List.of(step(
                    "Ask EC2 whether it exists here, and where it came from.",
                    "aws ec2 describe-instances --instance-ids " + seen.instance()));
        } else if (seen.view().isEmpty()) {
            return List.of(step("See which groups are fleets.", "gantry fleets"));
        } else if (NeverSeen.isWithoutHook(seen)) {
            return List.of(
                    step("Is it bypassed?", "scripts/bypass show " + group()),
                    step("Check the fleet.", "gantry doctor " + group()));
        } else if (NeverSeen.isOverlooked(seen, belief)) {
            return List.of(step("Find out why Gantry does not look.", doctor()), step("Have it look now.", look()));
        } else if (belief.lifecycle().gate().isPresent()) {
            return List.of(step("Nothing, or have Gantry look now.", look()));
        }
        return List.of(words("Nothing: only launches from now on pass Gantry."));
    }

    private String look() {
        return "gantry look " + seen.instance();
    }

    private String doctor() {
        return "gantry doctor " + group() + " --instance " + seen.instance();
    }

    private NextStep publish(String words) {
        return step(words, "gantry publish " + group());
    }

    private String command() {
        return stay.flatMap(Stay::lastAttempt)
                .flatMap(Attempt::commandId)
                .map(id -> "aws ssm list-command-invocations --details --command-id " + id + " --instance-id "
                        + seen.instance())
                .orElse("aws ssm list-command-invocations --details --instance-id " + seen.instance());
    }

    private String group() {
        return seen.gantry().fleet().map(name -> Shell.quoted(name.value())).orElse("FLEET");
    }

    private static NextStep step(String words, String command) {
        return new NextStep(words, Optional.of(command));
    }

    private static NextStep words(String words) {
        return new NextStep(words, Optional.empty());
    }
}
