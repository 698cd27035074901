package dev.gantry.launch.fleet;

import java.time.Duration;

/**
 * The time limits, retries and failure handling of a fleet.
 *
 * @param waits how long an instance waits at its gate
 * @param runs how often and how long runs may be tried
 * @param mode whether Gantry decides, or only watches
 * @param breaker when a bundle is quarantined, and when launching stops
 * @param fallback whether, and from when on, the bastion takes over; it needs room for one run before the launch deadline
 */
public record Policy(WaitLimits waits, RunLimits runs, Mode mode, BreakerLimits breaker, Fallback fallback) {

    /** Maximum backoff, however many runs there were. */
    public static final Duration MAX_BACKOFF = Duration.ofMinutes(5);

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
        Duration needed = waits.agentDeadline().plus(runs.all());
        if (waits.launchDeadline().compareTo(needed) < 0) {
            throw new IllegalArgumentException("launchDeadlineSeconds must be at least " + needed.toSeconds()
                    + " (agentDeadlineSeconds + attempts x (deliveryTimeoutSeconds + runTimeoutSeconds) + backoff), not "
                    + waits.launchDeadline().toSeconds());
        }
        leavesRoom(fallback, waits.launchDeadline(), runs.runTimeout());
    }

    public Duration launchDeadline() {
        return waits.launchDeadline();
    }

    public Duration agentDeadline() {
        return waits.agentDeadline();
    }

    public Duration heartbeat() {
        return waits.heartbeat();
    }

    public Duration hold() {
        return waits.hold();
    }

    public int attempts() {
        return runs.attempts();
    }

    public Duration backoff() {
        return runs.backoff();
    }

    public Duration deliveryTimeout() {
        return runs.deliveryTimeout();
    }

    public Duration runTimeout() {
        return runs.runTimeout();
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
        return WaitLimits.longest(heartbeat);
    }

    /** How long to wait after the {@code n}-th run has ended without success, n from 1. */
    public Duration backoffAfter(int n) {
        return runs.backoffAfter(n);
    }

    /** When the hook's heartbeat is renewed: at half. */
    public Duration renewal() {
        return heartbeat().dividedBy(2);
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
}
