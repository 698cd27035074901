package dev.gantry.launch.fleet;

import java.time.Duration;

/** Builds a {@link Policy}. Values that are not set have the defaults below; {@link #build} refuses what cannot work. */
public final class PolicyBuilder {
    private Duration launchDeadline = Duration.ofHours(1);
    private Duration agentDeadline = Duration.ofMinutes(10);
    private int attempts = 2;
    private Duration backoff = Duration.ofSeconds(30);
    private Duration deliveryTimeout = Duration.ofMinutes(2);
    private Duration runTimeout = Duration.ofMinutes(15);
    private Duration heartbeat = Duration.ofMinutes(30);
    private Duration hold = Duration.ZERO;
    private Policy.Mode mode = Policy.Mode.ENFORCE;
    private BreakerLimits breaker = BreakerLimits.DEFAULT;
    private Fallback fallback = Fallback.NEVER;

    /** Begins with the defaults. */
    public PolicyBuilder() {}

    PolicyBuilder(Policy from) {
        launchDeadline = from.launchDeadline();
        agentDeadline = from.agentDeadline();
        attempts = from.attempts();
        backoff = from.backoff();
        deliveryTimeout = from.deliveryTimeout();
        runTimeout = from.runTimeout();
        heartbeat = from.heartbeat();
        hold = from.hold();
        mode = from.mode();
        breaker = from.breaker();
        fallback = from.fallback();
    }

    public PolicyBuilder launchDeadline(Duration changed) {
        launchDeadline = changed;
        return this;
    }

    public PolicyBuilder agentDeadline(Duration changed) {
        agentDeadline = changed;
        return this;
    }

    public PolicyBuilder attempts(int changed) {
        attempts = changed;
        return this;
    }

    public PolicyBuilder backoff(Duration changed) {
        backoff = changed;
        return this;
    }

    public PolicyBuilder deliveryTimeout(Duration changed) {
        deliveryTimeout = changed;
        return this;
    }

    public PolicyBuilder runTimeout(Duration changed) {
        runTimeout = changed;
        return this;
    }

    public PolicyBuilder heartbeat(Duration changed) {
        heartbeat = changed;
        return this;
    }

    public PolicyBuilder hold(Duration changed) {
        hold = changed;
        return this;
    }

    public PolicyBuilder mode(Policy.Mode changed) {
        mode = changed;
        return this;
    }

    public PolicyBuilder breaker(BreakerLimits changed) {
        breaker = changed;
        return this;
    }

    public PolicyBuilder fallback(Fallback changed) {
        fallback = changed;
        return this;
    }

    /**
     * The policy.
     *
     * @throws IllegalArgumentException naming the setting that cannot work, and why
     */
    public Policy build() {
        return new Policy(
                new WaitLimits(launchDeadline, agentDeadline, heartbeat, hold),
                new RunLimits(attempts, backoff, deliveryTimeout, runTimeout),
                mode,
                breaker,
                fallback);
    }
}
