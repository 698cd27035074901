package dev.gantry.sandbox.s3;

import dev.gantry.sandbox.wire.AwsError;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One range of bytes, both ends included. S3 answers one range only and ignores what it cannot read: RFC 9110, 14.2. */
record Range(long from, long to) {
    private static final Pattern SYNTAX = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** @throws AwsError where the range lies behind the end */
    static Optional<Range> parse(String header, long length) {
        Matcher matcher = SYNTAX.matcher(header);
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return Optional.empty();
        }
        long from;
        long to = length - 1;
        if (matcher.group(1).isEmpty()) {
            from = Math.max(0, length - Long.parseLong(matcher.group(2)));
        } else {
            from = Long.parseLong(matcher.group(1));
            to = matcher.group(2).isEmpty() ? to : Math.min(to, Long.parseLong(matcher.group(2)));
        }
        if (from >= length || to < from) {
            throw new AwsError(416, "InvalidRange", "The requested range is not satisfiable");
        }
        return Optional.of(new Range(from, to));
    }

    long length() {
        return to - from + 1;
    }

    String contentRange(long total) {
        return "bytes " + from + "-" + to + "/" + total;
    }
}
