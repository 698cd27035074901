package dev.gantry.launch.reconcile;

import java.time.Instant;
import java.util.Optional;

/**
 * The time until which work may begin, because the function is killed soon after.
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
