package dev.gantry.launch.stay;

/** Why an instance is abandoned. Only {@link #RUN_FAILED} counts against the bundle. */
public enum Cause {
    /** The last run that the fleet allows has failed. */
    RUN_FAILED,
    /** The launch deadline passed without a successful run. */
    LAUNCH_DEADLINE,
    /** The breaker quarantined its bundle after its run had begun. */
    BUNDLE_QUARANTINED
}
