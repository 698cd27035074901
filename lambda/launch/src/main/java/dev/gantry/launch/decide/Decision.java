package dev.gantry.launch.decide;

import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What to do about a stay now. Each says why, in one sentence for people. */
public sealed interface Decision {

    String why();

    /**
     * Apply the bundle.
     *
     * @param attempt its number within the stay
     * @param resend the run's id where an earlier send of it was never accepted
     */
    record Run(int attempt, BundleId bundle, Optional<RunId> resend, String why) implements Decision {}

    /**
     * Apply the bundle over the bastion, because Systems Manager cannot.
     *
     * @param attempt its number within the stay
     * @param reuse the id of the run that Systems Manager has, or may have: the instance recognises it, and executes it once
     */
    record FallBack(int attempt, BundleId bundle, Optional<RunId> reuse, String why) implements Decision {}

    /** Send one question over the bastion. */
    record Ask(Question question, RunId run, String why) implements Decision {}

    /**
     * Nothing now.
     *
     * @param lookAgain when a look before the next sweep could help
     */
    record Wait(Reason reason, Optional<Duration> lookAgain, String why) implements Decision {}

    /** Renew the hook's heartbeat; then decide again. */
    record Extend(String why) implements Decision {}

    /** Complete the hook with CONTINUE. */
    record Proceed(Closing.Kind kind, String why) implements Decision {}

    /**
     * Complete the hook with ABANDON.
     *
     * @param failure the last failed run's, whatever the cause
     */
    record Abandon(Cause cause, Optional<Failure> failure, String why) implements Decision {}

    /** Keep a failed instance for inspection until the given time; then abandon it. */
    record Hold(Instant until, String why) implements Decision {}

    /** Do nothing: the instance is not Gantry's, or its stay is over. */
    record Ignore(String why) implements Decision {}

    /** What a wait is for. */
    enum Reason {
        /** The hook's action is not active yet. */
        HOOK,
        /** A state that this version does not know. */
        STATE,
        /** The SSM agent. */
        AGENT,
        /** The end of a run. */
        RUN,
        /** Another worker's claim, or an unclear send. */
        CLAIM,
        /** The time before another run. */
        BACKOFF,
        /** The end of a Spot instance that EC2 takes back. */
        INTERRUPTION,
        /** AWS, after a temporary error. */
        RETRYABLE,
        /** A repair by a person. */
        MISCONFIGURED
    }
}
