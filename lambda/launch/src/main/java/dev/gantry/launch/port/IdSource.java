package dev.gantry.launch.port;

import dev.gantry.launch.id.RunId;

/** Draws unique random names. One is drawn for each claim: a value kept from start-up would be shared by snapshots. */
public interface IdSource {

    /** The owner of one claim. */
    String owner();

    /** The id of one run. */
    RunId run();
}
