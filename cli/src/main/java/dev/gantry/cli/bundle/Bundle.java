package dev.gantry.cli.bundle;

import dev.gantry.launch.id.BundleId;
import java.nio.file.Path;

/**
 * A bundle on this machine.
 *
 * @param id the SHA-256 of its bytes
 * @param bytes its size
 * @param files how many it holds
 */
public record Bundle(BundleId id, Path path, long bytes, int files) {}
