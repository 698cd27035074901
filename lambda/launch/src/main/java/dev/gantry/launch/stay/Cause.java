package dev.gantry.launch.stay;

/** What an instance is abandoned for. Only {@link #RUN_FAILED} speaks, and counts, against the bundle. */
public enum Cause {
    /** As many runs failed as the fleet allows. */
    RUN_FAILED,
    /** Nothing had let it proceed by the launch deadline. */
    LAUNCH_DEADLINE,
    /** The breaker took its bundle out after its run had begun. */
    BUNDLE_QUARANTINED
}
