package dev.gantry.launch.port;

import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Trouble;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The fleets' settings and releases. Every call may throw a {@link dev.gantry.launch.error.GantryException}. */
public interface Fleets {

    /** Every fleet that has settings, broken ones included. */
    Set<FleetName> names();

    /** Settings and release, read together, at most 60 s old; empty for a group that has no settings. */
    Optional<View> find(FleetName fleet);

    /** How a group with Gantry's hook but without settings is treated: defaults, and a trouble that says so. */
    static View withoutSettings(FleetName fleet) {
        String why = "group " + fleet + " has a hook named " + Fleet.DEFAULT_HOOK + " but no settings: write fleets/"
                + fleet.encoded() + "/settings.json, or delete the hook";
        return broken(fleet, Release.NONE, why);
    }

    /** How a fleet with unusable settings is treated: nothing is run, its instances are kept, a page is sent. */
    static View broken(FleetName fleet, Release release, String why) {
        Fleet defaults = new Fleet(
                fleet,
                Fleet.DEFAULT_HOOK,
                new Document("AWS-ApplyAnsiblePlaybooks", "1", Optional.empty()),
                "playbook.yml",
                "SSM=True",
                false,
                "-v",
                Policy.WITHOUT_SETTINGS);
        return new View(defaults, release, Optional.of(new Trouble(Trouble.Kind.MISCONFIGURED, why, Instant.EPOCH)));
    }

    /** Changes the release by read, change and conditional write, and retries while other writers interfere. */
    Release change(FleetName fleet, UnaryOperator<Release> change);

    /**
     * What prevents a run of this bundle, checked at each call: its object is missing, or its bytes do not have the sha256 of
     * its name. Empty if nothing does.
     */
    Optional<String> flaw(FleetName fleet, BundleId bundle);

    /**
     * How a fleet is to be treated now.
     *
     * @param fleet with default settings if the stored ones are broken
     * @param trouble what is wrong with settings, release or bundle
     */
    record View(Fleet fleet, Release release, Optional<Trouble> trouble) {}
}
