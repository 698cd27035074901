package dev.gantry.sandbox.autoscaling;

import java.time.Instant;
import java.util.Optional;

/**
 * One hook's hold on one instance.
 *
 * @param token the UUID that the notification carries
 * @param hook the hook as it was when the wait began
 * @param since when the wait began
 * @param heartbeat when the heartbeat was last recorded, at first {@code since}
 * @param result empty as long as the action is active
 */
record LifecycleAction(String token, Hook hook, Instant since, Instant heartbeat, Optional<Result> result) {

    static LifecycleAction begun(String token, Hook hook, Instant now) {
        return new LifecycleAction(token, hook, now, now, Optional.empty());
    }

    boolean active() {
        return result.isEmpty();
    }

    /** When it expires: a heartbeat after the last one, but never past the global timeout. */
    Instant deadline() {
        Instant next = heartbeat.plus(hook.heartbeat());
        Instant last = since.plus(hook.globalTimeout());
        return next.isBefore(last) ? next : last;
    }

    LifecycleAction beating(Instant now) {
        return new LifecycleAction(token, hook, since, now, result);
    }

    LifecycleAction completed(Result with) {
        return new LifecycleAction(token, hook, since, heartbeat, Optional.of(with));
    }
}
