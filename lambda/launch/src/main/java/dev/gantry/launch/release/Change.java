package dev.gantry.launch.release;

import dev.gantry.launch.id.BundleId;
import java.time.Instant;
import java.util.Optional;

/**
 * One change of a release, for people who ask who made it.
 *
 * @param bundle which bundle it was about; empty where it was about none
 * @param by who asked for it, as the caller said; {@link #GANTRY} where nobody did
 */
public record Change(Instant at, Kind kind, Optional<BundleId> bundle, String by) {
    /** What the breaker does, it does by itself. */
    public static final String GANTRY = "Gantry";

    /** What changed. */
    public enum Kind {
        /** The bundle became current. */
        CURRENT,
        QUARANTINED,
        /** The bundle is no longer quarantined. */
        LIFTED,
        /** The group is to launch no instances. */
        SUSPENDED,
        RESUMED
    }
}
