package dev.gantry.launch.twin;

import dev.gantry.launch.fleet.BreakerLimits;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.fleet.Policy.Mode;
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

    /** One attempt, and these limits of the breaker. */
    public static Policy breaking(int failures, int abandonments) {
        return BASE.but()
                .attempts(1)
                .breaker(new BreakerLimits(failures, abandonments))
                .build();
    }

    public static Policy of(int attempts, Duration hold, Mode mode) {
        return BASE.but().attempts(attempts).hold(hold).mode(mode).build();
    }
}
