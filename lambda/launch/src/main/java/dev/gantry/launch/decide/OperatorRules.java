package dev.gantry.launch.decide;

import dev.gantry.launch.decide.Decision.Extend;
import dev.gantry.launch.decide.Decision.Hold;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Intervention;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Rules about what operators asked for an instance. */
final class OperatorRules {
    /** What a run needs, in the order in which it is asked; the backoff is left out, because a person decided that it is time. */
    private static final List<Function<AtGate, Optional<Decision>>> NEXT_RUN = List.of(
            BastionFallback::due,
            RunRules::underWay,
            KeepRules::troubled,
            KeepRules::withoutBundle,
            RunRules::agentAway,
            RunRules::run);

    private OperatorRules() {}

    /** A run that is under way is followed to its end; none begins but one that was asked for. */
    static Optional<Decision> held(AtGate at) {
        return at.held().map(hold -> held(at, hold));
    }

    private static Decision held(AtGate at, Intervention.Hold hold) {
        if (at.isRenewalDue()) {
            return new Extend("half of the hook's heartbeat has passed, and an operator holds the instance");
        }
        return retried(at)
                .or(() -> at.running().filter(Attempt::mayHaveBegun).map(run -> RunRules.underWay(at, run)))
                .orElseGet(() ->
                        new Hold(hold.until(), hold.by() + " asked to keep it until " + hold.until() + " for a look"));
    }

    /** Whatever failed before: the failure of this run is decided about as any other's. */
    static Optional<Decision> retried(AtGate at) {
        return at.policy().mode() == Policy.Mode.UNKNOWN
                ? Optional.empty()
                : at.retried().flatMap(retry -> NEXT_RUN.stream()
                        .flatMap(rule -> rule.apply(at).stream())
                        .findFirst());
    }
}
