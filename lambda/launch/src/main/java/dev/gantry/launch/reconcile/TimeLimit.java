package dev.gantry.launch.reconcile;

import java.time.Instant;
import java.util.Optional;

/**
 * Until when work may be begun, because the function is ended soon after.
 *
 * @param until empty where there is no limit
 */
record TimeLimit(Optional<Instant> until) {
    static final TimeLimit NONE = new TimeLimit(Optional.empty());

    static TimeLimit at(Instant until) {
        return new TimeLimit(Optional.of(until));
    }

    boolean isOver(Instant now) {
        return until.filter(end -> !now.isBefore(end)).isPresent();
    }
}
