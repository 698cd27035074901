package dev.gantry.launch.decide;

import dev.gantry.launch.decide.Decision.FallBack;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Silence;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.stay.Verdict.Undelivered.Ender;
import java.util.Optional;

/**
 * When the bastion takes over: the fleet's time for Systems Manager alone is over, and the agent is not online, or Systems
 * Manager does not answer, or a command was never delivered. A configuration error (no permission, an unknown document, a wrong
 * version) never leads to the bastion: it has to be repaired, and another channel would hide it.
 */
final class BastionFallback {
    private BastionFallback() {}

    /**
     * The decision to fall back; empty if Systems Manager carries the run, if the bastion has it already, or if EC2 takes the
     * instance back.
     */
    static Optional<Decision> due(AtGate at) {
        boolean isMisconfigured = at.o()
                .trouble()
                .filter(t -> t.kind() == Trouble.Kind.MISCONFIGURED)
                .isPresent();
        if (isMisconfigured
                || at.stay().isInterrupted(at.now())
                || !at.policy().fallback().isDue(at.stay().openedAt(), at.now())) {
            return Optional.empty();
        }
        return at.running().map(run -> sameRun(at, run)).orElseGet(() -> newRun(at));
    }

    /** The run that Systems Manager has or may have: it is executed at most once only under the same id. */
    private static Optional<Decision> sameRun(AtGate at, Attempt run) {
        if (run.isOverTheBastion() || at.o().release().isQuarantined(run.bundle())) {
            return Optional.empty();
        }
        boolean isClaimOld = !at.now().isBefore(run.claimedAt().plus(at.o().takeover()));
        boolean wasNeverSent = run.absence().isProven() && run.commandId().isEmpty();
        Optional<String> why = run.commandId().isPresent() || isClaimOld ? unanswered(at.stay()) : Optional.empty();
        return why.or(() -> wasNeverSent ? agentAway(at) : Optional.empty())
                .map(reason -> new FallBack(run.number(), run.bundle(), Optional.of(run.runId()), reason));
    }

    private static Optional<Decision> newRun(AtGate at) {
        Optional<Attempt> last = at.last();
        if (isRefused(last) || at.backoffLeft().isPresent()) {
            return Optional.empty();
        }
        return at.o().release().launchable().flatMap(bundle -> unanswered(at.stay())
                .or(() -> agentAway(at))
                .or(() -> last.flatMap(BastionFallback::undelivered))
                .map(why -> new FallBack(at.nextNumber(), bundle, Optional.empty(), why)));
    }

    /** A refusal by Systems Manager is a configuration error. The next run over it shows whether it was repaired. */
    private static boolean isRefused(Optional<Attempt> last) {
        return last.filter(run -> !run.isOverTheBastion())
                .flatMap(Attempt::end)
                .filter(end -> end.verdict() instanceof Verdict.Refused)
                .isPresent();
    }

    private static Optional<String> unanswered(Stay stay) {
        return stay.silence()
                .filter(Silence::isProven)
                .map(silence -> "Systems Manager has not answered since " + silence.since());
    }

    private static Optional<String> agentAway(AtGate at) {
        return at.o().trouble().isEmpty() && !at.isAgentReachable()
                ? Optional.of("the SSM agent is not online, and the fleet waits "
                        + at.policy().fallback().after().toSeconds() + " s for it (fallback.afterSeconds)")
                : Optional.empty();
    }

    private static Optional<String> undelivered(Attempt last) {
        return last.end()
                .map(Attempt.End::verdict)
                .filter(Verdict.Undelivered.class::isInstance)
                .map(Verdict.Undelivered.class::cast)
                .filter(end -> !last.isOverTheBastion() && end.by() == Ender.CHANNEL)
                .map(end -> "run " + last.number() + " never got to its end over Systems Manager: " + end.detail());
    }
}
