package dev.gantry.launch.port;

import dev.gantry.launch.BundleId;
import dev.gantry.launch.Fleet;
import dev.gantry.launch.FleetName;
import dev.gantry.launch.Release;
import dev.gantry.launch.Trouble;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The fleets' settings and releases. Every call may throw a {@link dev.gantry.launch.GantryException}. */
public interface Fleets {

    /** Every fleet that has settings, broken ones included. */
    Set<FleetName> names();

    /** Settings and release, read together, at most 60 s old; empty for a group that has no settings. */
    Optional<View> find(FleetName fleet);

    /** Changes the release by read, change and conditional write, as often as somebody else writes in between. */
    Release change(FleetName fleet, UnaryOperator<Release> change);

    /** Whether the bundle's object is there. */
    boolean hasBundle(FleetName fleet, BundleId bundle);

    /**
     * A fleet as it is to be treated now.
     *
     * @param fleet with default settings where the stored ones are broken
     * @param trouble what is wrong with settings, release or bundle
     */
    record View(Fleet fleet, Release release, Optional<Trouble> trouble) {}
}
