package dev.gantry.launch.fleet;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * How often and how long runs may be tried.
 *
 * @param attempts how many runs may fail before the instance is abandoned; runs that were never delivered do not count
 * @param backoff before the second run; doubles for each further one, up to {@link Policy#MAX_BACKOFF}
 * @param deliveryTimeout SendCommand's TimeoutSeconds, 30 s to 30 days
 * @param runTimeout the document's own time limit for the playbook
 */
public record RunLimits(int attempts, Duration backoff, Duration deliveryTimeout, Duration runTimeout) {

    public RunLimits {
        Range.check("deliveryTimeoutSeconds", deliveryTimeout, 30, 2_592_000);
        Range.check("runTimeoutSeconds", runTimeout, 5, 172_800);
        Range.check("backoffSeconds", backoff, 1, Policy.MAX_BACKOFF.toSeconds());
        if (attempts < 1 || attempts > 10) {
            throw new IllegalArgumentException("attempts must be 1 to 10, not " + attempts);
        }
    }

    /** How long to wait after the {@code n}-th run has ended without success, n from 1. */
    Duration backoffAfter(int n) {
        Duration grown = backoff.multipliedBy(1L << Math.min(n - 1, 10));
        return Collections.min(List.of(grown, Policy.MAX_BACKOFF));
    }

    /** The longest that all of them take. */
    Duration all() {
        Duration sum = deliveryTimeout.plus(runTimeout).multipliedBy(attempts);
        for (int n = 1; n < attempts; n++) {
            sum = sum.plus(backoffAfter(n));
        }
        return sum;
    }
}
