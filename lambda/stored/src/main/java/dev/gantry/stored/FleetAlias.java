package dev.gantry.stored;

import dev.gantry.launch.fleet.FleetName;
import java.nio.charset.StandardCharsets;

/**
 * The alias of the operator's function that acts for one fleet alone, in the characters that an alias may have (CreateAlias, Name:
 * letters, digits, hyphen and underscore, up to 128): first the readable name, then part of its SHA-256, which distinguishes similar
 * names. terraform/modules/fleet makes it; {@code tests/fleet-names.tsv} has samples for all languages.
 */
public final class FleetAlias {
    /** Every such alias begins so, and no other may. */
    public static final String PREFIX = "fleet-";

    private static final int READABLE = 60;
    private static final int DIGITS = 32;

    private FleetAlias() {}

    public static String of(FleetName fleet) {
        String readable = fleet.value().replaceAll("[^A-Za-z0-9_-]", "-");
        return PREFIX + readable.substring(0, Math.min(READABLE, readable.length())) + "-"
                + Sha256.hex(fleet.value().getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
    }
}
