package dev.gantry.launch.id;

import dev.gantry.launch.text.Text;
import java.util.regex.Pattern;

/**
 * An EC2 instance id: {@code i-} and 8 or 17 hexadecimal digits.
 *
 * <p>Refuses anything else with an {@link IllegalArgumentException} that names the value.
 */
public record InstanceId(String value) implements Comparable<InstanceId> {
    private static final Pattern FORM = Pattern.compile("i-[0-9a-f]{8}(?:[0-9a-f]{9})?");

    public InstanceId {
        if (!isOne(value)) {
            throw new IllegalArgumentException("not an EC2 instance id: '" + Text.clip(value, 40) + "'");
        }
    }

    /** Whether the text has the form of an instance id. */
    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public int compareTo(InstanceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
