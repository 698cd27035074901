package dev.gantry.sandbox.agent;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An object or a prefix in S3 as {@code sourceInfo.path} names it: a URL with the bucket in the path or in the host. The host
 * decides, so {@code s3://} is refused (aws/amazon-ssm-agent, agent/s3util/s3uri.go).
 */
record S3Address(String bucket, String key) {
    private static final String DOMAINS =
            "(amazonaws\\.com|amazonaws\\.com\\.cn|c2s\\.ic\\.gov|sc2s\\.sgov\\.gov|cloud\\.adc-e\\.uk|csp\\.hci\\.ic\\.gov)";
    private static final Pattern HOST = Pattern.compile(
            "^((.+)\\.)?s3[.-](website[-.])?(accelerate\\.)?(dualstack[-.])?(([-a-z0-9]+)\\.)?" + DOMAINS);
    private static final Pattern ENDPOINT_HOST = Pattern.compile(
            "^((.+)\\.)?(bucket|accesspoint|control)\\.vpce-[-a-z0-9]+\\.s3[.-](([-a-z0-9]+)\\.)?vpce\\." + DOMAINS);

    /** @throws IllegalArgumentException with the agent's words */
    static S3Address parse(String path) {
        URI uri;
        try {
            uri = new URI(path.replace("+", "%20"));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("parse \"" + path + "\": " + e.getReason(), e);
        }
        String host = Optional.ofNullable(uri.getRawAuthority()).orElse("");
        String key = URLDecoder.decode(
                Optional.ofNullable(uri.getRawPath()).orElse("").replaceFirst("^/", ""), StandardCharsets.UTF_8);
        Matcher match = ENDPOINT_HOST.matcher(host);
        if (!match.find()) {
            match = HOST.matcher(host);
            if (!match.find()) {
                throw new IllegalArgumentException("invalid S3 path parameter");
            }
        }
        String bucket = match.group(2);
        if (bucket != null && !bucket.isEmpty()) {
            return new S3Address(bucket, key);
        }
        int slash = key.indexOf('/');
        if (key.isEmpty()) {
            throw new IllegalArgumentException("invalid S3 path parameter: it names no bucket");
        }
        return slash < 0 ? new S3Address(key, "") : new S3Address(key.substring(0, slash), key.substring(slash + 1));
    }

    /** The key as a folder: what is listed before anything is fetched. */
    String folder() {
        return key.endsWith("/") || key.isEmpty() ? key : key + "/";
    }

    String fileName() {
        return key.substring(key.lastIndexOf('/') + 1);
    }
}
