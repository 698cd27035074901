package dev.gantry.launch.id;

import dev.gantry.launch.text.Text;
import java.util.regex.Pattern;

/**
 * A bundle's name: the sha256 of its bytes as 64 lower-case hexadecimal digits.
 *
 * <p>Refuses anything else with an {@link IllegalArgumentException}.
 */
public record BundleId(String sha256) implements Comparable<BundleId> {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    public BundleId {
        if (!FORM.matcher(sha256).matches()) {
            throw new IllegalArgumentException(
                    "not a bundle: '" + Text.clip(sha256, 70) + "' (expected the sha256 of a zip, 64 hex digits)");
        }
    }

    /** The first twelve digits, for people and for the command's comment. */
    public String brief() {
        return sha256.substring(0, 12);
    }

    @Override
    public int compareTo(BundleId other) {
        return sha256.compareTo(other.sha256);
    }

    @Override
    public String toString() {
        return brief();
    }
}
