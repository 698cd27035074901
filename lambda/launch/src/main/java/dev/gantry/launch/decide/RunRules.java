package dev.gantry.launch.decide;

import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Run;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.stay.Attempt;
import java.time.Duration;
import java.util.Optional;

/** Rules about runs: a run that is going on is waited for; the next one begins when the agent is online. */
final class RunRules {
    private RunRules() {}

    static Optional<Decision> underWay(AtGate at) {
        return at.running().map(run -> underWay(at, run));
    }

    static Decision underWay(AtGate at, Attempt run) {
        if (run.isOverTheBastion()) {
            return BastionQuestions.about(at.o(), run);
        } else if (run.commandId().isPresent()) {
            return Waits.forTheSweep(Reason.RUN, "run " + run.number() + " is under way");
        } else if (run.absence().isProven()) {
            return new Run(
                    run.number(),
                    run.bundle(),
                    Optional.of(run.runId()),
                    "the first send was never accepted: " + run.runId());
        }
        Duration left = Duration.between(at.now(), run.claimedAt().plus(at.o().takeover()));
        return Waits.forTheSweep(
                Reason.CLAIM,
                left.isNegative() || left.isZero()
                        ? "looking for a command that may have been sent: " + run.runId()
                        : "another worker has claimed run " + run.number());
    }

    /** Until the agent's deadline, or the bastion's, the launch message looks for the agent; afterwards the sweep does. */
    static Optional<Decision> agentAway(AtGate at) {
        if (at.isAgentReachable()) {
            return Optional.empty();
        }
        Policy policy = at.policy();
        boolean mayFallBack =
                policy.fallback().isUsed() && !policy.fallback().isDue(at.stay().openedAt(), at.now());
        boolean isEarly = mayFallBack || at.now().isBefore(at.stay().openedAt().plus(policy.agentDeadline()));
        return Optional.of(new Wait(
                Reason.AGENT,
                isEarly ? Optional.of(DecisionTable.AGENT_LOOK) : Optional.empty(),
                "the SSM agent has not registered yet"));
    }

    static Optional<Decision> run(AtGate at) {
        int number = at.nextNumber();
        return at.o()
                .release()
                .launchable()
                .map(bundle -> new Run(
                        number,
                        bundle,
                        Optional.empty(),
                        "the agent is online: run " + number + " of bundle " + bundle.brief()));
    }
}
