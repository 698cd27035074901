package dev.gantry.launch.fleet;

import dev.gantry.launch.text.Text;
import java.nio.charset.StandardCharsets;

/**
 * A fleet's name, which is its Auto Scaling group's name: 1 to 255 characters (CreateAutoScalingGroup,
 * AutoScalingGroupName), none of them a control character.
 *
 * <p>Refuses anything else with an {@link IllegalArgumentException}.
 */
public record FleetName(String value) implements Comparable<FleetName> {
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

    public FleetName {
        if (value.isBlank() || value.length() > 255 || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("not an Auto Scaling group name: '" + Text.clip(value, 60) + "'");
        }
    }

    /**
     * The name in S3 keys: every byte except {@code A-Za-z0-9-_.} is percent-encoded, so it has no slash. The names {@code .}
     * and {@code ..} are encoded, too: clients remove such parts from a path, so the object of one fleet would be in the place
     * of another fleet's object. {@code tests/fleet-names.tsv} has names with their encodings for all languages.
     */
    public String encoded() {
        if (value.equals(".") || value.equals("..")) {
            return value.replace(".", "%2E");
        }
        StringBuilder out = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (UNRESERVED.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append(String.format("%%%02X", b & 0xff));
            }
        }
        return out.toString();
    }

    /** The inverse of {@link #encoded()}. */
    public static FleetName decoded(String encoded) {
        return new FleetName(java.net.URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    @Override
    public int compareTo(FleetName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
