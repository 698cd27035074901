package dev.gantry.launch.reconcile;

/** What Systems Manager is asked about a stay. */
enum SsmCall {
    AGENTS,
    /** Commands whose id is known. */
    RUNS,
    /** Commands that may have been sent. */
    LOST_SENDS
}
