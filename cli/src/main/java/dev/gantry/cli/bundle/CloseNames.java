package dev.gantry.cli.bundle;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known name that is most like a mistyped one, by the matching characters of Ratcliff and Obershelp. */
final class CloseNames {
    /** Below this, two names have nothing to do with each other. */
    private static final double CLOSE = 0.6;

    private CloseNames() {}

    /** The one that is most like it, if any is. */
    static Optional<String> closest(String name, Collection<String> known) {
        return known.stream()
                .filter(candidate -> likeness(candidate, name) >= CLOSE)
                .max(Comparator.comparingDouble((String candidate) -> likeness(candidate, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** From 0 for nothing in common to 1 for the same name. */
    static double likeness(String one, String other) {
        int length = one.length() + other.length();
        return length == 0 ? 1 : 2.0 * matching(one, other) / length;
    }

    /** The characters of the longest common part, and of those left and right of it. */
    private static int matching(String one, String other) {
        int longest = 0;
        int oneAt = 0;
        int otherAt = 0;
        for (int i = 0; i < one.length(); i++) {
            for (int j = 0; j < other.length(); j++) {
                int length = common(one, i, other, j);
                if (length > longest) {
                    longest = length;
                    oneAt = i;
                    otherAt = j;
                }
            }
        }
        return longest == 0
                ? 0
                : longest
                        + matching(one.substring(0, oneAt), other.substring(0, otherAt))
                        + matching(one.substring(oneAt + longest), other.substring(otherAt + longest));
    }

    private static int common(String one, int oneAt, String other, int otherAt) {
        int length = 0;
        while (oneAt + length < one.length()
                && otherAt + length < other.length()
                && one.charAt(oneAt + length) == other.charAt(otherAt + length)) {
            length++;
        }
        return length;
    }
}
