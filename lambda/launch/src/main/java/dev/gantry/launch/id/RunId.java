package dev.gantry.launch.id;

import dev.gantry.launch.text.Text;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The name of one run: the same on every instance of its batch, and the same again when a lost send is repeated.
 *
 * <p>It is {@code run-} and 8 to 40 characters of {@code a-z0-9}. Refuses anything else with an {@link
 * IllegalArgumentException}.
 */
public record RunId(String value) implements Comparable<RunId> {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int DRAWN = 16;
    private static final Pattern FORM = Pattern.compile("run-[a-z0-9]{8,40}");

    public RunId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a run id: '" + Text.clip(value, 50) + "'");
        }
    }

    /** A new one; the source has to be one that nobody can foresee, and asked anew for each run. */
    public static RunId drawn(RandomGenerator random) {
        StringBuilder id = new StringBuilder("run-");
        for (int i = 0; i < DRAWN; i++) {
            id.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return new RunId(id.toString());
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
