package dev.gantry.launch;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Command document that a fleet's runs use, pinned: AWS changed its own one four times in 2025.
 *
 * @param name for example {@code AWS-ApplyAnsiblePlaybooks}; SendCommand's pattern for DocumentName
 * @param version a number; never {@code $LATEST} or {@code $DEFAULT}, which move under a fleet
 * @param hash the document's sha256 as SendCommand's DocumentHash takes it, where it is to be checked
 */
public record Document(String name, String version, Optional<String> hash) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_\\-.:/]{3,128}");
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,9}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public Document {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("document.name is not a document's name: '" + Text.clip(name, 60) + "'");
        }
        if (!VERSION.matcher(version).matches()) {
            throw new IllegalArgumentException("document.version must be a number, not '" + Text.clip(version, 20)
                    + "': $LATEST and $DEFAULT change under a fleet");
        }
        if (hash.isPresent() && !SHA256.matcher(hash.get()).matches()) {
            throw new IllegalArgumentException("document.hash must be a sha256 of 64 hex digits");
        }
    }
}
