package dev.gantry.launch.release;

/**
 * Whether Gantry has suspended a group's Launch process. A suspension by somebody else is {@link #NONE}: Gantry does not lift
 * it.
 */
public enum Suspension {
    NONE,
    /** Decided and recorded, perhaps carried out: every look at the fleet finishes it. */
    INTENDED,
    /** Carried out and announced. If an operator resumes the process by hand, it is not suspended again. */
    SUSPENDED
}
