package dev.gantry.launch.decide;

import dev.gantry.launch.decide.Decision.FallBack;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Silence;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import java.util.Optional;

/**
 * When the bastion takes over: the fleet's time for Systems Manager alone is over, and the agent is not online, or Systems
 * Manager does not answer, or what it was given was never delivered. A mistake (no permission, an unknown document, a wrong
 * version) never leads there: somebody has to repair it, and going around it would hide it. Pure.
 */
final class FallingBack {
    private FallingBack() {}

    /** Empty where Systems Manager goes on, or where the bastion has the run already. */
    static Optional<FallBack> due(Observation o, Stay stay) {
        Policy policy = o.fleet().policy();
        boolean isMistaken =
                o.trouble().filter(t -> t.kind() == Trouble.Kind.MISCONFIGURED).isPresent();
        if (isMistaken || !policy.fallback().isDue(stay.openedAt(), o.now())) {
            return Optional.empty();
        }
        return stay.lastAttempt()
                .filter(a -> a.isUnderWay() && !DecisionTable.isInVain(o, a))
                .map(run -> withItsRunId(o, stay, run))
                .orElseGet(() -> anew(o, stay));
    }

    /** Systems Manager has this run, or may have it: only under the same id is it certain to be executed once. */
    private static Optional<FallBack> withItsRunId(Observation o, Stay stay, Attempt run) {
        if (run.isOverTheBastion() || o.release().isQuarantined(run.bundle())) {
            return Optional.empty();
        }
        boolean ownerIsGone = !o.now().isBefore(run.claimedAt().plus(o.takeover()));
        Optional<String> why = run.commandId().isPresent() || ownerIsGone ? unanswered(stay) : Optional.empty();
        return why.or(() ->
                        run.absence().isProven() && run.commandId().isEmpty() ? agentAway(o, stay) : Optional.empty())
                .map(reason -> new FallBack(run.number(), run.bundle(), Optional.of(run.runId()), reason));
    }

    private static Optional<FallBack> anew(Observation o, Stay stay) {
        Optional<BundleId> bundle = o.release().launchable();
        Optional<Attempt> last = stay.lastAttempt().filter(a -> !a.isUnderWay());
        if (bundle.isEmpty()
                || isRefused(last)
                || DecisionTable.backoffLeft(o, stay).isPresent()) {
            return Optional.empty();
        }
        return unanswered(stay)
                .or(() -> agentAway(o, stay))
                .or(() -> last.flatMap(FallingBack::undelivered))
                .map(why -> new FallBack(DecisionTable.nextNumber(stay), bundle.get(), Optional.empty(), why));
    }

    /** What Systems Manager refused is a mistake of somebody's, and the next run over it shows whether it was repaired. */
    private static boolean isRefused(Optional<Attempt> last) {
        return last.filter(a -> !a.isOverTheBastion())
                .flatMap(Attempt::end)
                .filter(end -> end.verdict() instanceof Verdict.Refused)
                .isPresent();
    }

    private static Optional<String> unanswered(Stay stay) {
        return stay.silence()
                .filter(Silence::isProven)
                .map(silence -> "Systems Manager has not answered since " + silence.since());
    }

    private static Optional<String> agentAway(Observation o, Stay stay) {
        return o.trouble().isEmpty() && !o.agent().isReachable(stay.earlierClosed())
                ? Optional.of("the SSM agent is not online, and the fleet waits "
                        + o.fleet().policy().fallback().after().toSeconds() + " s for it (fallback.afterSeconds)")
                : Optional.empty();
    }

    private static Optional<String> undelivered(Attempt last) {
        return last.end()
                .map(Attempt.End::verdict)
                .filter(verdict -> !last.isOverTheBastion() && verdict instanceof Verdict.Undelivered)
                .map(verdict -> "run " + last.number() + " never got to its end over Systems Manager: "
                        + ((Verdict.Undelivered) verdict).detail());
    }
}
