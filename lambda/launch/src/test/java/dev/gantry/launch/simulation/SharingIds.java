package dev.gantry.launch.simulation;

import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.IdSource;

/** Ids as they are drawn for each claim; sometimes two claims get one owner, as after a restored snapshot. */
final class SharingIds implements IdSource {
    private final Faults faults;
    private int owners;
    private int runs;

    SharingIds(Faults faults) {
        this.faults = faults;
    }

    @Override
    public String owner() {
        if (owners == 0 || !faults.strikes(FaultKind.OWNER_SHARED)) {
            owners++;
        }
        return "owner-" + owners;
    }

    @Override
    public RunId run() {
        runs++;
        return new RunId("run-" + (10_000_000 + runs));
    }
}
