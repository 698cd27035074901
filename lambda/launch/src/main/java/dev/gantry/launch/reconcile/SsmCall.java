package dev.gantry.launch.reconcile;

/** The call to Systems Manager that a stay needs. */
enum SsmCall {
    AGENTS,
    /** Commands whose id is known. */
    RUNS,
    /** Commands that may have been sent. */
    LOST_SENDS
}
