package dev.gantry.launch.port;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Failure;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What the breaker counts: failed runs, one for each fleet, bundle, instance and stay, and abandonments of any cause, one for
 * each fleet, instance and stay. Both are written before the hook is completed. Every call may throw a {@link
 * dev.gantry.launch.error.GantryException}.
 */
public interface Failures {

    /** Records a failed run; idempotent for each stay. */
    void record(FleetName fleet, BundleId bundle, InstanceId instance, int stay, Failure failure, Instant at);

    /** The distinct instances whose failures of this bundle were recorded after the given time, or ever. */
    Set<InstanceId> failed(FleetName fleet, BundleId bundle, Optional<Instant> after);

    /**
     * Records an abandonment; idempotent for each stay.
     *
     * @param decidedAt as in the ledger, to the millisecond: it is the same in each repetition
     */
    void abandoned(FleetName fleet, InstanceId instance, int stay, Instant decidedAt, Cause cause);

    /** How many abandonments were decided at the given time or later, to the millisecond. */
    int abandonments(FleetName fleet, Instant since);
}
