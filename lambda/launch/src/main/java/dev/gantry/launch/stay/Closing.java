package dev.gantry.launch.stay;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The end of a stay: written before the hook is completed, and again once AWS has accepted it. An end that came
 * {@link Kind#ELSEWHERE} has nothing left to complete: it is done from the beginning.
 *
 * @param cause the reason for an abandonment; empty for all other kinds; absent in records written before causes were stored
 * @param why one sentence for people
 * @param failure the last failed run's failure, whatever the cause of the abandonment
 * @param decidedAt when it was written, or last tried again within {@link #INTENT_EXPIRY}
 * @param doneAt empty until AWS accepted the completion, or the instance was seen beyond the gate; it stays empty if a
 *     function is killed in between and the instance stays in service, which is harmless: it never waits again
 */
public record Closing(
        Kind kind,
        Optional<Cause> cause,
        String why,
        Optional<Failure> failure,
        Instant decidedAt,
        Optional<Instant> doneAt) {

    /** After this time without a try, an end may be that of an earlier wait. */
    static final Duration INTENT_EXPIRY = Duration.ofMinutes(5);

    /** How a stay ended. All but {@code PROVISIONED} and {@code ABANDONED} are recorded exceptions of rule 1. */
    public enum Kind {
        /** A run of the right bundle succeeded in this stay. */
        PROVISIONED,
        /** The fleet is only watched: completed without a run. */
        OBSERVED,
        /** Abandoned by Gantry. */
        ABANDONED,
        /** The action was completed by something other than Gantry, or the instance is gone. */
        ELSEWHERE
    }

    public Closing {
        doneAt = kind == Kind.ELSEWHERE ? doneAt.or(() -> Optional.of(decidedAt)) : doneAt;
    }

    /** The end of an instance that proceeds, as intended now. */
    public static Closing proceeding(Kind kind, String why, Instant now) {
        return new Closing(kind, Optional.empty(), why, Optional.empty(), now, Optional.empty());
    }

    /** An abandonment as intended now. */
    public static Closing abandoning(Cause cause, String why, Optional<Failure> failure, Instant now) {
        return new Closing(Kind.ABANDONED, Optional.of(cause), why, failure, now, Optional.empty());
    }

    /** An end that was not Gantry's, as seen now. */
    public static Closing elsewhere(String why, Instant now) {
        return new Closing(Kind.ELSEWHERE, Optional.empty(), why, Optional.empty(), now, Optional.of(now));
    }

    /** Why the instance is abandoned. Records without a cause have a failure only if a run had failed for good. */
    public Cause abandonedFor() {
        return cause.orElse(failure.isPresent() ? Cause.RUN_FAILED : Cause.LAUNCH_DEADLINE);
    }

    /** The same intention, about to be carried out again. */
    Closing triedAgain(Instant now) {
        return new Closing(kind, cause, why, failure, now, doneAt);
    }

    /**
     * AWS may have accepted an intended end that was not tried since, and the instance may wait again, after a return to the warm
     * pool. An abandonment is different: one that AWS had accepted would have terminated the instance.
     */
    boolean mayBeOfAnEarlierWait(Instant at) {
        return doneAt.isEmpty()
                && kind != Kind.ABANDONED
                && decidedAt.plus(INTENT_EXPIRY).isBefore(at);
    }

    public Closing done(Instant at) {
        return new Closing(kind, cause, why, failure, decidedAt, Optional.of(at));
    }
}
