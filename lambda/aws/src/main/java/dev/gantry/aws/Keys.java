package dev.gantry.aws;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * The keys of the objects in Gantry's bucket. They cross languages: Terraform writes the settings, scripts write the bundles.
 * A fleet's name stands percent-encoded in them.
 */
final class Keys {
    /** Settings and releases stand below this. */
    static final String FLEETS = "fleets/";

    private static final String SETTINGS = "/settings.json";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

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

    static String diagnostics(FleetName fleet) {
        return "diagnostics/" + fleet.encoded();
    }

    static String launch(FleetName fleet, InstanceId instance) {
        return "launches/" + fleet.encoded() + "/" + instance.value() + ".json";
    }

    /** The instances that waited at the last sweep. */
    static String waiting(FleetName fleet) {
        return "launches/" + fleet.encoded() + "/waiting.json";
    }

    /** What the bastion's function found out about a run on an instance. */
    static String answer(RunId run, InstanceId instance) {
        return "bastion/answers/" + run.value() + "/" + instance.value() + ".json";
    }

    static String failure(FleetName fleet, BundleId bundle, InstanceId instance, int stay) {
        return failures(fleet, bundle) + instance.value() + "-" + stay + ".json";
    }

    /** Below this stand one fleet's failures of one bundle: the same bytes may be another fleet's bundle, too. */
    static String failures(FleetName fleet, BundleId bundle) {
        return "failures/" + fleet.encoded() + "/" + bundle.sha256() + "/";
    }

    /** The instance of a key that {@link #failure} made; empty for every other key. */
    static Optional<InstanceId> failedInstance(String key) {
        String name = key.substring(key.lastIndexOf('/') + 1);
        int stay = name.lastIndexOf('-');
        return stay < 0 || !InstanceId.isOne(name.substring(0, stay))
                ? Optional.empty()
                : Optional.of(new InstanceId(name.substring(0, stay)));
    }

    static String abandonment(FleetName fleet, Instant decidedAt, InstanceId instance, int stay) {
        return abandonmentsSince(fleet, decidedAt) + "-" + instance.value() + "-" + stay + ".json";
    }

    /** What an abandonment's key says after its time: instance and stay. */
    static String stayOfAbandonment(String key) {
        String name = key.substring(key.lastIndexOf('/') + 1);
        return name.substring(name.indexOf('-') + 1);
    }

    static String abandonments(FleetName fleet) {
        return "abandonments/" + fleet.encoded() + "/";
    }

    /** Sorts before every abandonment of this millisecond, and after every earlier one. */
    static String abandonmentsSince(FleetName fleet, Instant since) {
        return abandonments(fleet) + TIME.format(since);
    }

    /** The mark of who pages about this in the window; the digest, because the key may have foreign text in it. */
    static String pageMark(String key, Instant window) {
        return "pages/" + TIME.format(window) + "/" + Sha256.hex(key.getBytes(StandardCharsets.UTF_8)) + ".json";
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
