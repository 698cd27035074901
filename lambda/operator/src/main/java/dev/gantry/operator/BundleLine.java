package dev.gantry.operator;

import dev.gantry.launch.id.BundleId;
import java.time.Instant;
import java.util.Optional;

/**
 * One bundle of a fleet in a list.
 *
 * @param uploadedAt empty where its object is gone
 * @param state {@code current}, {@code last good}, both, {@code quarantined}, or {@code published}
 * @param provenAt its last success, or the lifting of its quarantine: failures count from here
 * @param words why it is quarantined; otherwise empty
 */
public record BundleLine(
        BundleId bundle, Optional<Instant> uploadedAt, String state, Optional<Instant> provenAt, String words) {}
