package dev.gantry.launch;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which bundle a fleet's launches take; changed by conditional writes only, and by the function alone.
 *
 * @param current what new runs apply
 * @param lastGood the bundle that succeeded last
 * @param quarantined bundles that the breaker took out, each with its reason
 * @param launchSuspended whether Gantry itself suspended the group's Launch process, so that lifting resumes only that
 */
public record Release(
        Optional<BundleId> current,
        Optional<BundleId> lastGood,
        Map<BundleId, String> quarantined,
        boolean launchSuspended) {

    /** A fleet to which nothing was ever published. */
    public static final Release NONE = new Release(Optional.empty(), Optional.empty(), Map.of(), false);

    public Release {
        quarantined = java.util.Collections.unmodifiableMap(new TreeMap<>(quarantined));
    }

    /** Whether the breaker took this bundle out. */
    public boolean isQuarantined(BundleId bundle) {
        return quarantined.containsKey(bundle);
    }

    /** The bundle that a new run takes: the current one, unless it is quarantined. */
    public Optional<BundleId> launchable() {
        return current.filter(bundle -> !isQuarantined(bundle));
    }

    /** After a proposal; the caller has refused quarantined bundles before. */
    public Release withCurrent(BundleId bundle) {
        return new Release(Optional.of(bundle), lastGood, quarantined, launchSuspended);
    }

    /** After an instance was seen to serve with this bundle. */
    public Release withLastGood(BundleId bundle) {
        return new Release(current, Optional.of(bundle), quarantined, launchSuspended);
    }

    /** After an operator has lifted the quarantine of a bundle. */
    public Release lifted(BundleId bundle) {
        Map<BundleId, String> rest = new TreeMap<>(quarantined);
        rest.remove(bundle);
        return new Release(current, lastGood, rest, launchSuspended);
    }

    /** After the group's Launch process was suspended or resumed by Gantry. */
    public Release withLaunchSuspended(boolean suspended) {
        return new Release(current, lastGood, quarantined, suspended);
    }
}
