package dev.gantry.sandbox.autoscaling;

import java.time.Duration;
import java.util.Optional;

/**
 * A lifecycle hook. Heartbeat 30 to 7,200 s, 3,600 s by default; an instance waits at most 48 h or 100 heartbeats,
 * whichever is less (API_PutLifecycleHook, API_LifecycleHook).
 */
record Hook(
        String name,
        Transition transition,
        Duration heartbeat,
        Result defaultResult,
        Optional<String> metadata,
        Optional<String> target,
        Optional<String> role) {
    static final int MIN_HEARTBEAT_SECONDS = 30;
    static final int MAX_HEARTBEAT_SECONDS = 7_200;
    static final Duration DEFAULT_HEARTBEAT = Duration.ofHours(1);
    static final int MAX_PER_GROUP = 50;
    private static final Duration LONGEST_WAIT = Duration.ofDays(2);

    Duration globalTimeout() {
        Duration hundred = heartbeat.multipliedBy(100);
        return hundred.compareTo(LONGEST_WAIT) < 0 ? hundred : LONGEST_WAIT;
    }
}
