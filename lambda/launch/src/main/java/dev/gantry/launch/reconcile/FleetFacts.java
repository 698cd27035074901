package dev.gantry.launch.reconcile;

import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.release.Release;
import java.time.Instant;

/**
 * What a round knows about its fleet before it looks at an instance.
 *
 * @param view settings and release, at most 60 s old
 * @param describedAt when Auto Scaling was asked about the instances: what the ledger has learned since is newer
 * @param limit the time after which the round begins nothing
 */
record FleetFacts(Fleets.View view, Instant describedAt, TimeLimit limit) {

    Fleet fleet() {
        return view.fleet();
    }

    FleetName name() {
        return fleet().name();
    }

    Policy policy() {
        return fleet().policy();
    }

    Release release() {
        return view.release();
    }

    boolean hasFallback() {
        return policy().fallback().isUsed();
    }

    /** Without settings the hook's name is a guess, so a missing active action proves nothing about the real hook. */
    boolean isHookKnown() {
        return policy().mode() != Policy.Mode.UNKNOWN;
    }
}
