package dev.gantry.function;

import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.IdSource;

/** The same names each time, for a rehearsal: nothing that is random is drawn before a snapshot. */
final class SameIds implements IdSource {
    @Override
    public String owner() {
        return "rehearsal";
    }

    @Override
    public RunId run() {
        return new RunId("run-rehearsal");
    }
}
