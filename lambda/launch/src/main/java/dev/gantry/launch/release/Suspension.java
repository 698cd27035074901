package dev.gantry.launch.release;

/**
 * Whether Gantry keeps a group from launching, by suspending its Launch process. A suspension of somebody else's is
 * {@link #NONE}: it is not Gantry's to lift.
 */
public enum Suspension {
    NONE,
    /** Decided and remembered, perhaps carried out: every look at the fleet finishes it. */
    INTENDED,
    /** Carried out and told. An operator who resumes the process by hand is not fought. */
    SUSPENDED
}
