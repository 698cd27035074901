package dev.gantry.operator;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * So many instances, or so many percent of them, as Systems Manager writes MaxConcurrency and MaxErrors.
 *
 * @param isPercent whether the number is a percentage
 */
public record Share(int number, boolean isPercent) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,4})(%?)");
    private static final int ALL = 100;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException for what is neither a number nor a percentage
     */
    public static Share parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || (!matcher.group(2).isEmpty() && Integer.parseInt(matcher.group(1)) > ALL)) {
            throw new IllegalArgumentException("'" + text + "' is neither a number of instances nor 0% to 100%");
        }
        return new Share(Integer.parseInt(matcher.group(1)), !matcher.group(2).isEmpty());
    }

    /** The share of so many instances, rounded down. */
    public int of(int instances) {
        return isPercent ? instances * number / ALL : Math.min(number, instances);
    }
}
