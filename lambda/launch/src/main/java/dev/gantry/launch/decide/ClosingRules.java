package dev.gantry.launch.decide;

import dev.gantry.launch.decide.Decision.Abandon;
import dev.gantry.launch.decide.Decision.Extend;
import dev.gantry.launch.decide.Decision.Ignore;
import dev.gantry.launch.decide.Decision.Proceed;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.stay.Closing;
import java.util.Optional;

/** Rules for a stay whose end is already in the ledger. */
final class ClosingRules {
    private ClosingRules() {}

    static Optional<Decision> closed(AtGate at) {
        return at.stay()
                .closedAt()
                .map(closed -> new Ignore("this stay is closed; another hook may still hold the instance"));
    }

    /** AWS may accept the completion late. Until then the heartbeat must not run out. */
    static Optional<Decision> keptAliveUntilAccepted(AtGate at) {
        boolean proceeds = at.stay()
                .closing()
                .filter(end -> end.kind() != Closing.Kind.ABANDONED)
                .isPresent();
        return proceeds && at.isRenewalDue() && !at.isOverdue()
                ? Optional.of(new Extend("the completion has not been accepted for half of the hook's heartbeat"))
                : Optional.empty();
    }

    static Optional<Decision> perhapsAccepted(AtGate at) {
        return at.stay().mayBeCompleted(at.now(), at.o().takeover())
                ? Optional.of(Waits.of(
                        Reason.STATE,
                        DecisionTable.AGENT_LOOK,
                        "the hook may be completed already, and without the action's token a second completion could"
                                + " meet the next gate"))
                : Optional.empty();
    }

    static Optional<Decision> intended(AtGate at) {
        return at.stay().closing().map(ClosingRules::finish);
    }

    private static Decision finish(Closing closing) {
        return switch (closing.kind()) {
            case PROVISIONED, OBSERVED -> new Proceed(closing.kind(), closing.why());
            case ABANDONED -> new Abandon(closing.abandonedFor(), closing.failure(), closing.why());
            case ELSEWHERE -> new Ignore("the hook's action ended without Gantry: there is nothing to complete");
        };
    }
}
