package dev.gantry.function.scale;

/**
 * The API quotas that are declared for a run; AWS publishes neither. Auto Scaling has one bucket for all its actions; Systems
 * Manager one for each.
 *
 * @param autoScaling calls a second
 * @param autoScalingBurst calls at once
 * @param systemsManager calls a second, of each action
 * @param systemsManagerBurst calls at once, of each action
 */
record Quotas(double autoScaling, double autoScalingBurst, double systemsManager, double systemsManagerBurst) {

    TokenBucket forAutoScaling() {
        return new TokenBucket(autoScaling, autoScalingBurst);
    }

    TokenBucket forSystemsManager() {
        return new TokenBucket(systemsManager, systemsManagerBurst);
    }
}
