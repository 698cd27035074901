package dev.gantry.launch;

import java.time.Instant;
import java.util.Optional;

/**
 * The end of a stay: written before the hook is completed, and again once AWS has accepted it.
 *
 * @param why one sentence for people
 * @param failure the run's failure that led here, if one did
 * @param decidedAt when it was written first
 * @param doneAt empty until AWS accepted the completion, or the instance was seen beyond the gate
 */
public record Closing(Kind kind, String why, Optional<Failure> failure, Instant decidedAt, Optional<Instant> doneAt) {

    /** How a stay ended. All but {@code PROVISIONED} and {@code ABANDONED} are recorded exceptions of rule 1. */
    public enum Kind {
        /** A run of the right bundle succeeded in this stay. */
        PROVISIONED,
        /** The fleet is only watched: completed without a run. */
        OBSERVED,
        /** Abandoned by Gantry. */
        ABANDONED,
        /** Somebody else completed the action, or the instance is gone. */
        ELSEWHERE
    }

    /** The kinds that complete the hook with CONTINUE. */
    public boolean continues() {
        return kind == Kind.PROVISIONED || kind == Kind.OBSERVED;
    }

    public Closing done(Instant at) {
        return new Closing(kind, why, failure, decidedAt, Optional.of(at));
    }
}
