package dev.gantry.aws;

import dev.gantry.launch.BundleId;
import dev.gantry.launch.FleetName;
import dev.gantry.launch.InstanceId;
import java.util.Optional;

/**
 * The keys of the objects in Gantry's bucket. They cross languages: Terraform writes the settings, scripts write the bundles.
 * A fleet's name stands percent-encoded in them.
 */
final class Keys {
    /** Settings and releases stand below this. */
    static final String FLEETS = "fleets/";

    private static final String SETTINGS = "/settings.json";

    private Keys() {}

    static String settings(FleetName fleet) {
        return FLEETS + fleet.encoded() + SETTINGS;
    }

    static String release(FleetName fleet) {
        return FLEETS + fleet.encoded() + "/release.json";
    }

    static String bundle(FleetName fleet, BundleId bundle) {
        return "bundles/" + fleet.encoded() + "/" + bundle.sha256() + ".zip";
    }

    static String launch(FleetName fleet, InstanceId instance) {
        return "launches/" + fleet.encoded() + "/" + instance.value() + ".json";
    }

    static String failure(BundleId bundle, InstanceId instance, int stay) {
        return "failures/" + bundle.sha256() + "/" + instance.value() + "-" + stay + ".json";
    }

    /** The fleet whose settings this key holds; empty for every other key, and for names that Gantry would not write so. */
    static Optional<FleetName> fleetOfSettings(String key) {
        if (!key.startsWith(FLEETS) || !key.endsWith(SETTINGS) || key.length() <= FLEETS.length() + SETTINGS.length()) {
            return Optional.empty();
        }
        String encoded = key.substring(FLEETS.length(), key.length() - SETTINGS.length());
        return decoded(encoded).filter(fleet -> fleet.encoded().equals(encoded));
    }

    private static Optional<FleetName> decoded(String encoded) {
        try {
            return Optional.of(FleetName.decoded(encoded));
        } catch (IllegalArgumentException notAFleet) {
            return Optional.empty();
        }
    }
}
