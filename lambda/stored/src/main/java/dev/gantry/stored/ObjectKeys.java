package dev.gantry.stored;

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
 * A fleet's name is percent-encoded in them.
 */
public final class ObjectKeys {
    /** The prefix of settings and releases. */
    public static final String FLEETS = "fleets/";

    /** The prefix of what instances wrote about themselves at boot, by their ARN. */
    public static final String HOST_KEYS = "hostkeys/";

    /** The same for the bastions. */
    public static final String JUMP_HOSTS = "bastion/jump/";

    /** The bastion function's key pairs, with the private halves. */
    public static final String KEY_PAIR = "bastion/keys/pair.json";

    /** Their public halves, for instances and bastions. */
    public static final String PUBLIC_KEYS = "bastion/keys/public.json";

    private static final String SETTINGS = "/settings.json";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    private ObjectKeys() {}

    public static String settings(FleetName fleet) {
        return FLEETS + fleet.encoded() + SETTINGS;
    }

    public static String release(FleetName fleet) {
        return FLEETS + fleet.encoded() + "/release.json";
    }

    public static String bundle(FleetName fleet, BundleId bundle) {
        return bundles(fleet) + bundle.sha256() + ".zip";
    }

    /** The prefix of a fleet's bundles. */
    public static String bundles(FleetName fleet) {
        return "bundles/" + fleet.encoded() + "/";
    }

    public static String diagnostics(FleetName fleet) {
        return "diagnostics/" + fleet.encoded();
    }

    public static String launch(FleetName fleet, InstanceId instance) {
        return "launches/" + fleet.encoded() + "/" + instance.value() + ".json";
    }

    /** The instances that waited at the last sweep. */
    public static String waiting(FleetName fleet) {
        return "launches/" + fleet.encoded() + "/waiting.json";
    }

    /** The bastion function's answer about a run on an instance. */
    public static String answer(RunId run, InstanceId instance) {
        return "bastion/answers/" + run.value() + "/" + instance.value() + ".json";
    }

    public static String failure(FleetName fleet, BundleId bundle, InstanceId instance, int stay) {
        return failures(fleet, bundle) + instance.value() + "-" + stay + ".json";
    }

    /** The prefix of one fleet's failures of one bundle: two fleets may use the same bundle. */
    public static String failures(FleetName fleet, BundleId bundle) {
        return "failures/" + fleet.encoded() + "/" + bundle.sha256() + "/";
    }

    /** The instance of a key that {@link #failure} made; empty for every other key. */
    public static Optional<InstanceId> failedInstance(String key) {
        String name = key.substring(key.lastIndexOf('/') + 1);
        return Optional.of(name.substring(0, Math.max(0, name.lastIndexOf('-'))))
                .filter(InstanceId::isOne)
                .map(InstanceId::new);
    }

    public static String abandonment(FleetName fleet, Instant decidedAt, InstanceId instance, int stay) {
        return abandonmentsSince(fleet, decidedAt) + "-" + instance.value() + "-" + stay + ".json";
    }

    /** What an abandonment's key says after its time: instance and stay. */
    public static String stayOfAbandonment(String key) {
        String name = key.substring(key.lastIndexOf('/') + 1);
        return name.substring(name.indexOf('-') + 1);
    }

    public static String abandonments(FleetName fleet) {
        return "abandonments/" + fleet.encoded() + "/";
    }

    /** Sorts before every abandonment of this millisecond, and after every earlier one. */
    public static String abandonmentsSince(FleetName fleet, Instant since) {
        return abandonments(fleet) + TIME.format(since);
    }

    /** The mark for paging about this in the window. It has a digest, because the key may contain foreign text. */
    public static String pageMark(String key, Instant window) {
        return "pages/" + TIME.format(window) + "/" + Sha256.hex(key.getBytes(StandardCharsets.UTF_8)) + ".json";
    }

    /** The fleet whose settings this key holds; empty for every other key, and for names in another encoding. */
    public static Optional<FleetName> fleetOfSettings(String key) {
        String rest = key.startsWith(FLEETS) ? key.substring(FLEETS.length()) : "";
        if (!rest.endsWith(SETTINGS)) {
            return Optional.empty();
        }
        String encoded = rest.substring(0, rest.length() - SETTINGS.length());
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
