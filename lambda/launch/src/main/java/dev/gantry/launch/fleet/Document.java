package dev.gantry.launch.fleet;

import dev.gantry.launch.text.Text;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Command document that a fleet's runs use, pinned: AWS changed its own one four times in 2025.
 *
 * @param name for example {@code AWS-ApplyAnsiblePlaybooks}; SendCommand's pattern for DocumentName
 * @param version a number; never {@code $LATEST} or {@code $DEFAULT}, which move under a fleet
 * @param hash the document's sha256 as SendCommand's DocumentHash takes it, if it is to be checked
 * @param identifiesRuns whether it takes the run's id, the bundle's sha256 and a place for diagnostics, as the hardened
 *     document does; Systems Manager refuses a parameter that a document does not declare
 * @param parameters more of its parameters, the same for each run of the fleet
 */
public record Document(
        String name, String version, Optional<String> hash, boolean identifiesRuns, Map<String, String> parameters) {
    /** The own name of the document that ships with Gantry; AWS's names are reserved, so it differs from theirs. */
    public static final String HARDENED = "Gantry-ApplyAnsiblePlaybooks";

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
        parameters = Map.copyOf(parameters);
    }

    /** A document without parameters of its own, which identifies runs if it is the hardened one. */
    public Document(String name, String version, Optional<String> hash) {
        this(name, version, hash, isHardened(name), Map.of());
    }

    /** Compares its own name, also at the end of an ARN, which is how a shared document is named. */
    public static boolean isHardened(String name) {
        return name.substring(name.lastIndexOf('/') + 1).equals(HARDENED);
    }
}
