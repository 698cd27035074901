package dev.gantry.sandbox.agent;

import dev.gantry.sandbox.ec2.RoleCredentials;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signature Version 4 for a GET without a body ("Create a signed AWS API request", IAM user guide). */
final class AwsSignature {
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private AwsSignature() {}

    /** The headers to send, {@code host} excepted, which every client sends by itself. */
    static Map<String, String> headers(URI uri, String region, String service, RoleCredentials keys, Instant now) {
        String time = TIME.format(now);
        String scope = time.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
        Map<String, String> signed = new TreeMap<>();
        signed.put("host", uri.getAuthority());
        signed.put("x-amz-content-sha256", EMPTY_SHA256);
        signed.put("x-amz-date", time);
        if (!keys.sessionToken().isEmpty()) {
            signed.put("x-amz-security-token", keys.sessionToken());
        }
        String names = String.join(";", signed.keySet());
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(canonical(uri, signed, names));
        byte[] key = hmac(utf8("AWS4" + keys.secretAccessKey()), time.substring(0, 8));
        key = hmac(hmac(hmac(key, region), service), "aws4_request");
        String signature = HexFormat.of().formatHex(hmac(key, toSign));
        signed.remove("host");
        signed.put(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=" + keys.accessKeyId() + "/" + scope + ", SignedHeaders=" + names
                        + ", Signature=" + signature);
        return signed;
    }

    private static String canonical(URI uri, Map<String, String> headers, String names) {
        StringBuilder text = new StringBuilder("GET\n").append(uri.getRawPath()).append('\n');
        text.append(Optional.ofNullable(uri.getRawQuery()).orElse("")).append('\n');
        headers.forEach(
                (name, value) -> text.append(name).append(':').append(value).append('\n'));
        return text.append('\n').append(names).append('\n').append(EMPTY_SHA256).toString();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(utf8(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
