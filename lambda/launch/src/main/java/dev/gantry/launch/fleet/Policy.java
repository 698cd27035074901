package dev.gantry.launch.fleet;

import java.time.Duration;

/**
 * The time limits, retries and failure handling of a fleet.
 *
 * <p>The launch deadline must end before AWS ends the wait itself: at the smaller of 48 h and 100 heartbeats
 * (docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html).
 *
 * @param launchDeadline from the beginning of a stay until it is abandoned, whatever the reason
 * @param agentDeadline how long the launch message itself looks for the agent; afterwards the sweep does
 * @param attempts how many runs may fail before the instance is abandoned; runs that were never delivered do not count
 * @param backoff before the second run; doubles for each further one, up to {@link #MAX_BACKOFF}
 * @param deliveryTimeout SendCommand's TimeoutSeconds, 30 s to 30 days
 * @param runTimeout the document's own time limit for the playbook
 * @param heartbeat the hook's HeartbeatTimeout, 30 s to 7,200 s: the longest outage of Gantry that an instance survives;
 *     renewed at half
 * @param hold how long a failed instance is kept for inspection before it is abandoned; zero for not at all
 * @param mode whether Gantry decides, or only watches
 * @param breaker when a bundle is quarantined, and when launching stops
 * @param fallback whether, and from when on, the bastion takes over; it needs room for one run before the launch deadline
 */
public record Policy(
        Duration launchDeadline,
        Duration agentDeadline,
        int attempts,
        Duration backoff,
        Duration deliveryTimeout,
        Duration runTimeout,
        Duration heartbeat,
        Duration hold,
        Mode mode,
        BreakerLimits breaker,
        Fallback fallback) {

    /** Maximum backoff, however many runs there were. */
    public static final Duration MAX_BACKOFF = Duration.ofMinutes(5);

    private static final Duration AWS_LIMIT = Duration.ofDays(2);

    /** The policy of a fleet whose settings do not set one. */
    public static final Policy DEFAULT = new PolicyBuilder().build();

    /**
     * For a group whose settings are missing or broken. Its hook's heartbeat is unknown, so it is renewed every two minutes,
     * for as long as the 100 heartbeats of such a hook allow: six hours to repair the settings.
     */
    public static final Policy WITHOUT_SETTINGS = DEFAULT.but()
            .launchDeadline(Duration.ofHours(6))
            .heartbeat(Duration.ofMinutes(4))
            .mode(Mode.UNKNOWN)
            .build();

    /** Whether Gantry decides about a fleet's launches, or only watches them. */
    public enum Mode {
        /** Gantry decides. */
        ENFORCE,
        /** Gantry completes every launch at once, and only logs what it would have done. */
        OBSERVE,
        /**
         * The wanted mode is not known, because the settings are missing or broken. Settings cannot choose this mode; only
         * {@link Policy#WITHOUT_SETTINGS} has it. An error in a file must not cost an instance, so nothing is run and nothing
         * abandoned: instances are kept until a repair. After the launch deadline the heartbeat runs out, so that the hook's
         * own default_result decides; the hook of an observing fleet continues then, as promised. An instance that was kept
         * beyond its fleet's own deadline gets one run when the settings are repaired.
         */
        UNKNOWN
    }

    public Policy {
        between("heartbeatSeconds", heartbeat, 30, 7200);
        between("deliveryTimeoutSeconds", deliveryTimeout, 30, 2_592_000);
        between("runTimeoutSeconds", runTimeout, 5, 172_800);
        between("backoffSeconds", backoff, 1, MAX_BACKOFF.toSeconds());
        between("agentDeadlineSeconds", agentDeadline, 30, AWS_LIMIT.toSeconds());
        if (attempts < 1 || attempts > 10) {
            throw new IllegalArgumentException("attempts must be 1 to 10, not " + attempts);
        }
        between("launchDeadlineSeconds", launchDeadline, 1, AWS_LIMIT.toSeconds());
        if (hold.isNegative() || hold.compareTo(AWS_LIMIT) > 0) {
            throw new IllegalArgumentException(
                    "onFailure.holdMinutes must be 0 to " + AWS_LIMIT.toMinutes() + ", not " + hold.toMinutes());
        }
        Duration limit = longestWait(heartbeat);
        Duration end = launchDeadline.plus(hold);
        if (end.compareTo(limit) >= 0) {
            throw new IllegalArgumentException("launchDeadlineSeconds + hold must be less than " + limit.toSeconds()
                    + " (the smaller of 48 h and 100 x heartbeatSeconds), not " + end.toSeconds());
        }
        Duration needed = agentDeadline.plus(allRuns(attempts, backoff, deliveryTimeout, runTimeout));
        if (launchDeadline.compareTo(needed) < 0) {
            throw new IllegalArgumentException("launchDeadlineSeconds must be at least " + needed.toSeconds()
                    + " (agentDeadlineSeconds + attempts x (deliveryTimeoutSeconds + runTimeoutSeconds) + backoff), not "
                    + launchDeadline.toSeconds());
        }
        leavesRoom(fallback, launchDeadline, runTimeout);
    }

    /** The same with another fallback. */
    public Policy with(Fallback other) {
        return but().fallback(other).build();
    }

    /** A builder that begins with this policy. */
    public PolicyBuilder but() {
        return new PolicyBuilder(this);
    }

    /** The longest that AWS lets an instance wait at a hook with this heartbeat: min(48 h, 100 x heartbeat). */
    public static Duration longestWait(Duration heartbeat) {
        Duration hundred = heartbeat.multipliedBy(100);
        return hundred.compareTo(AWS_LIMIT) < 0 ? hundred : AWS_LIMIT;
    }

    /** How long to wait after the {@code n}-th run has ended without success, n from 1. */
    public Duration backoffAfter(int n) {
        return backoffAfter(backoff, n);
    }

    /** When the hook's heartbeat is renewed: at half. */
    public Duration renewal() {
        return heartbeat.dividedBy(2);
    }

    private static Duration backoffAfter(Duration backoff, int n) {
        Duration grown = backoff.multipliedBy(1L << Math.min(n - 1, 10));
        return grown.compareTo(MAX_BACKOFF) < 0 ? grown : MAX_BACKOFF;
    }

    private static Duration allRuns(int attempts, Duration backoff, Duration delivery, Duration run) {
        Duration sum = delivery.plus(run).multipliedBy(attempts);
        for (int n = 1; n < attempts; n++) {
            sum = sum.plus(backoffAfter(backoff, n));
        }
        return sum;
    }

    private static void leavesRoom(Fallback fallback, Duration launchDeadline, Duration runTimeout) {
        Duration latest = launchDeadline.minus(runTimeout).minus(Fallback.EXCHANGES);
        if (fallback.isUsed() && fallback.after().compareTo(latest) > 0) {
            throw new IllegalArgumentException("fallback.afterSeconds must be at most " + latest.toSeconds()
                    + ", so that one run over the bastion has its time before the launch deadline (launchDeadlineSeconds "
                    + launchDeadline.toSeconds() + " - runTimeoutSeconds " + runTimeout.toSeconds() + " - "
                    + Fallback.EXCHANGES.toSeconds() + " for the exchanges), not "
                    + fallback.after().toSeconds());
        }
    }

    private static void between(String field, Duration value, long least, long most) {
        if (value.toSeconds() < least || value.toSeconds() > most) {
            throw new IllegalArgumentException(
                    field + " must be " + least + " to " + most + ", not " + value.toSeconds());
        }
    }
}
