package dev.gantry.operator;

import java.util.regex.Pattern;

/** Words for a POSIX shell: a group's name may have spaces and quotes. */
public final class Shell {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");

    private Shell() {}

    /** The word as one argument. */
    public static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
