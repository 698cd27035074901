package dev.gantry.sandbox.agent;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An object or a prefix in S3 as {@code sourceInfo.path} names it: {@code https://} with the bucket in the path or in
 * the host. {@code s3://} is refused, as the agent refuses it (AWS-FACTS section 1).
 */
record S3Address(String bucket, String key) {
    private static final Pattern PATH_STYLE =
            Pattern.compile("s3([.-](dualstack\\.)?[a-z0-9-]+)?\\.amazonaws\\.com(\\.cn)?");
    private static final Pattern VIRTUAL_HOST =
            Pattern.compile("(.+)\\.s3([.-](dualstack\\.)?[a-z0-9-]+)?\\.amazonaws\\.com(\\.cn)?");

    /** @throws IllegalArgumentException with a sentence that names the path */
    static S3Address parse(String path) {
        URI uri;
        try {
            uri = new URI(path);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the S3 path is no URL: " + path, e);
        }
        String host = Optional.ofNullable(uri.getHost()).orElse("");
        String key = URLDecoder.decode(
                Optional.ofNullable(uri.getRawPath())
                        .orElse("")
                        .replaceFirst("^/+", "")
                        .replace("+", "%2B"),
                StandardCharsets.UTF_8);
        if (!"https".equals(uri.getScheme())) {
            throw new IllegalArgumentException("the S3 path must be an https:// URL: " + path);
        }
        if (PATH_STYLE.matcher(host).matches() && key.contains("/")) {
            return new S3Address(key.substring(0, key.indexOf('/')), key.substring(key.indexOf('/') + 1));
        }
        Matcher virtual = VIRTUAL_HOST.matcher(host);
        if (virtual.matches()) {
            return new S3Address(virtual.group(1), key);
        }
        throw new IllegalArgumentException("the URL names no bucket of S3: " + path);
    }

    /** The key as a folder: what is listed before anything is fetched. */
    String folder() {
        return key.endsWith("/") || key.isEmpty() ? key : key + "/";
    }

    String fileName() {
        return key.substring(key.lastIndexOf('/') + 1);
    }
}
