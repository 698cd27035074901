package dev.gantry.sandbox.s3;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** IAM's wildcards: {@code *} for any characters, {@code ?} for one. */
final class Glob {
    private static final int ARN_PARTS = 6;

    private Glob() {}

    static boolean matches(String pattern, String text) {
        String regex = pattern.chars().mapToObj(Glob::regex).collect(Collectors.joining());
        return Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches();
    }

    private static String regex(int character) {
        return switch (character) {
            case '*' -> ".*";
            case '?' -> ".";
            default -> Pattern.quote(Character.toString(character));
        };
    }

    static boolean matchesIgnoringCase(String pattern, String text) {
        return matches(pattern.toLowerCase(Locale.ROOT), text.toLowerCase(Locale.ROOT));
    }

    /** An ARN's six parts are compared one by one: a wildcard does not reach over a colon. */
    static boolean matchesArn(String pattern, String arn) {
        String[] wanted = pattern.split(":", ARN_PARTS);
        String[] had = arn.split(":", ARN_PARTS);
        if (wanted.length != had.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!matches(wanted[i], had[i])) {
                return false;
            }
        }
        return true;
    }
}
