package dev.gantry.sandbox.autoscaling;

import java.util.Arrays;
import java.util.Optional;

/**
 * A warm pool's configuration (API_PutWarmPool).
 *
 * @param minSize at least so many warmed instances
 * @param maxPrepared how many instances group and pool have together; empty means the group's maximum
 * @param deleting DeleteWarmPool was called and its instances are still ending
 */
record WarmPool(int minSize, Optional<Integer> maxPrepared, PoolState state, boolean reuseOnScaleIn, boolean deleting) {

    /** In which state warmed instances wait. */
    enum PoolState {
        STOPPED("Stopped", LifecycleState.WARMED_STOPPED),
        RUNNING("Running", LifecycleState.WARMED_RUNNING),
        HIBERNATED("Hibernated", LifecycleState.WARMED_HIBERNATED);

        private final String wire;
        private final LifecycleState rest;

        PoolState(String wire, LifecycleState rest) {
            this.wire = wire;
            this.rest = rest;
        }

        String wire() {
            return wire;
        }

        LifecycleState rest() {
            return rest;
        }

        static Optional<PoolState> of(String wire) {
            return Arrays.stream(values()).filter(s -> s.wire.equals(wire)).findFirst();
        }
    }

    /** How many warmed instances there should be beside a group with this desired capacity. */
    int size(int desired, int maxSize) {
        return deleting ? 0 : Math.max(minSize, maxPrepared.orElse(maxSize) - desired);
    }

    WarmPool beingDeleted() {
        return new WarmPool(minSize, maxPrepared, state, reuseOnScaleIn, true);
    }
}
