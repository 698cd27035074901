package dev.gantry.launch.port;

import dev.gantry.launch.BundleId;
import dev.gantry.launch.Failure;
import dev.gantry.launch.FleetName;
import dev.gantry.launch.InstanceId;
import java.time.Instant;

/** Failed runs, one object for each bundle, instance and stay; written before the abandonment that they lead to. */
public interface Failures {

    /**
     * Records one; a second time for the same stay changes nothing.
     *
     * @throws dev.gantry.launch.GantryException where it could not be stored
     */
    void record(FleetName fleet, BundleId bundle, InstanceId instance, int stay, Failure failure, Instant at);
}
