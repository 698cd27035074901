package dev.gantry.sandbox.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who calls which service in which region, as the credential scope of Signature Version 4 says it: from the
 * {@code Authorization} header, or from {@code X-Amz-Credential} of a presigned address. The signature itself is not
 * verified: there is no secret worth protecting on loopback.
 *
 * @param accessKey for example {@code AKIA…}
 * @param region for example {@code eu-central-1}
 * @param service the signing name, for example {@code s3}
 */
public record Caller(String accessKey, String region, String service) {
    private static final Pattern SCOPE = Pattern.compile("([^/=\\s]+)/\\d{8}/([^/]+)/([^/]+)/aws4_request");

    /** Reads the caller of a request; empty if it is not signed. */
    public static Optional<Caller> of(WireRequest request) {
        return request.header("authorization")
                .or(() -> request.query("X-Amz-Credential"))
                .flatMap(Caller::parse);
    }

    private static Optional<Caller> parse(String text) {
        Matcher scope = SCOPE.matcher(text.contains("%2F") ? decoded(text) : text);
        return scope.find()
                ? Optional.of(new Caller(scope.group(1), scope.group(2), scope.group(3)))
                : Optional.empty();
    }

    /** A broken escape counts as unsigned. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
