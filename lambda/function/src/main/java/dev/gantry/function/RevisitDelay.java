package dev.gantry.function;

import dev.gantry.function.signal.Signal;
import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Wait;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * How long a message waits before it is looked at again, if at all. A message waits by its visibility: Lambda cuts loops of
 * re-sent messages after 16 hops (docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html).
 */
final class RevisitDelay {
    /**
     * Maximum delay; each delay is an eighth longer than the one before. An agent that comes within a minute is found within
     * about ten seconds, and one look at a batch of fifty is two calls.
     */
    static final Duration LONGEST = Duration.ofSeconds(30);
    /** Messages other than the launch message get this many looks, unless a call to AWS failed; the sweep does the rest. */
    static final int LOOKS = 3;
    /** SQS allows 1,000 receives before a message must go to the dead-letter queue; a waiting one stops before. */
    static final int RECEIVES = 900;

    private static final double GROWTH = 1.125;
    private static final double JITTER = 0.2;

    private final DoubleSupplier random;

    /** @param random uniform in [0, 1) */
    RevisitDelay(DoubleSupplier random) {
        this.random = random;
    }

    /** The delay; empty if the message is handled. */
    Optional<Duration> after(Signal signal, Decision decision, int receives) {
        boolean isPatient = signal instanceof Signal.Launching || isForAws(decision);
        boolean waits = receives < (isPatient ? RECEIVES : LOOKS);
        return waits && decision instanceof Wait wait
                ? wait.lookAgain().map(first -> jittered(grown(first, receives)))
                : Optional.empty();
    }

    /** Looks that AWS throttled do not count: otherwise three looks would be over in half a minute. */
    private static boolean isForAws(Decision decision) {
        return decision instanceof Wait wait && wait.reason() == Reason.RETRYABLE;
    }

    private static double grown(Duration first, int receives) {
        double seconds = first.toMillis() / 1000.0;
        double longest = LONGEST.toSeconds();
        return Math.max(seconds, Math.min(longest, seconds * Math.pow(GROWTH, receives - 1)));
    }

    private Duration jittered(double seconds) {
        return Duration.ofMillis(Math.round(1000 * seconds * (1 - JITTER + 2 * JITTER * random.getAsDouble())));
    }
}
