package dev.gantry.launch.id;

import dev.gantry.launch.text.Text;
import java.util.regex.Pattern;

/**
 * The name of one run: the same on every instance of its batch, and the same again when a lost send is repeated.
 *
 * <p>It is {@code run-} and 8 to 40 characters of {@code a-z0-9}. Refuses anything else with an {@link
 * IllegalArgumentException}.
 */
public record RunId(String value) implements Comparable<RunId> {
    private static final Pattern FORM = Pattern.compile("run-[a-z0-9]{8,40}");

    public RunId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a run id: '" + Text.clip(value, 50) + "'");
        }
    }

    /** Whether the text has the form of a run id. */
    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public int compareTo(RunId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
