package dev.gantry.launch.twin;

import dev.gantry.launch.Policy;
import dev.gantry.launch.Policy.Mode;
import java.time.Duration;

/** The default policy with one thing changed. */
public final class Policies {
    private static final Policy BASE = Policy.DEFAULT;

    private Policies() {}

    public static Policy attempts(int attempts) {
        return of(attempts, BASE.hold(), BASE.mode());
    }

    public static Policy holding(Duration hold) {
        return of(1, hold, BASE.mode());
    }

    public static Policy observing() {
        return of(BASE.attempts(), BASE.hold(), Mode.OBSERVE);
    }

    public static Policy of(int attempts, Duration hold, Mode mode) {
        return new Policy(
                BASE.launchDeadline(),
                BASE.agentDeadline(),
                attempts,
                BASE.backoff(),
                BASE.deliveryTimeout(),
                BASE.runTimeout(),
                BASE.heartbeat(),
                hold,
                mode);
    }
}
