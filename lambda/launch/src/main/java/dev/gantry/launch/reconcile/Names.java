package dev.gantry.launch.reconcile;

import dev.gantry.launch.RunId;

/** Draws names that nobody else has drawn. Asked for each claim: a value kept from start-up would be shared by snapshots. */
public interface Names {

    /** The owner of one claim. */
    String owner();

    /** The id of one run. */
    RunId run();
}
