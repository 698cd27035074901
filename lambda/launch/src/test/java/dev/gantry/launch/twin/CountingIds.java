package dev.gantry.launch.twin;

import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.IdSource;

/** Ids in the order in which they were drawn. */
public final class CountingIds implements IdSource {
    private int owners;
    private int runs;

    @Override
    public String owner() {
        owners++;
        return "owner-" + owners;
    }

    @Override
    public RunId run() {
        runs++;
        return new RunId(String.format("run-%08d", runs));
    }
}
