package dev.gantry.launch.port;

import dev.gantry.launch.id.RunId;

/** Draws names that nobody else has drawn. Asked for each claim: a value kept from start-up would be shared by snapshots. */
public interface IdSource {

    /** The owner of one claim. */
    String owner();

    /** The id of one run. */
    RunId run();
}
