package dev.gantry.launch.decide;

import dev.gantry.launch.decide.Decision.Extend;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.stay.Trouble;
import java.util.Optional;

/** Rules that keep a waiting instance alive. */
final class KeepRules {
    private KeepRules() {}

    static Optional<Decision> renewed(AtGate at) {
        return at.isRenewalDue() && !at.isOverdue()
                ? Optional.of(new Extend("half of the hook's heartbeat has passed"))
                : Optional.empty();
    }

    static Optional<Decision> withoutSettings(AtGate at) {
        return at.policy().mode() == Policy.Mode.UNKNOWN ? Optional.of(kept(at)) : Optional.empty();
    }

    /** Keeps the instance until the deadline, and afterwards leaves it to the hook's own default result. */
    private static Decision kept(AtGate at) {
        String wrong = at.o().trouble().map(Trouble::message).orElse("the fleet's settings are not known");
        if (at.isPastDeadline()) {
            return Waits.misconfigured(
                    "the launch deadline of " + at.policy().launchDeadline().toSeconds()
                            + " s has passed, so the heartbeat is not renewed any more and the hook's default_result"
                            + " decides: " + wrong);
        } else if (at.isRenewalDue()) {
            return new Extend("half of the shortest heartbeat that is kept alive without settings has passed");
        }
        return at.last()
                .filter(run -> run.isUnderWay() && run.mayHaveBegun())
                .map(run -> RunRules.underWay(at, run))
                .orElseGet(() -> Waits.misconfigured(wrong));
    }

    /** What prevents runs of the whole fleet, or prevents Gantry from looking. */
    static Optional<Decision> troubled(AtGate at) {
        return at.o()
                .trouble()
                .map(trouble -> trouble.kind() == Trouble.Kind.MISCONFIGURED
                        ? Waits.misconfigured(trouble.message())
                        : Waits.of(Decision.Reason.RETRYABLE, DecisionTable.AGENT_LOOK, trouble.message()));
    }

    /** No run begins on a Spot instance that EC2 is about to terminate. */
    static Optional<Decision> interrupted(AtGate at) {
        return at.stay().isInterrupted(at.now())
                ? Optional.of(Waits.of(
                        Decision.Reason.INTERRUPTION,
                        DecisionTable.MISTAKE_LOOK,
                        "EC2 takes this Spot instance back; no run begins on it"))
                : Optional.empty();
    }

    static Optional<Decision> withoutBundle(AtGate at) {
        if (at.o().release().launchable().isPresent()) {
            return Optional.empty();
        }
        return Optional.of(Waits.misconfigured(at.o()
                .release()
                .current()
                .map(bundle -> "the fleet's bundle " + bundle.brief() + " is quarantined: publish another one")
                .orElse("the fleet has no bundle to apply: publish one")));
    }

    /** The last run that ended was refused: only the next run can show whether that was repaired. */
    static Optional<Decision> betweenRuns(AtGate at) {
        return at.backoffLeft().map(left -> at.stay()
                .lastRefusal()
                .map(refusal -> Waits.misconfigured("the run was refused on the instance: " + refusal.detail()))
                .orElseGet(
                        () -> Waits.of(Decision.Reason.BACKOFF, left, "the last run has ended; the next one waits")));
    }
}
