package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One version of a Command document, immutable.
 *
 * @param number 1 to 1,000
 * @param versionName the name that its author gave this version, unique within the document
 * @param content the text as it was uploaded: the hash is taken over these bytes
 * @param parsed the same, read
 */
record DocumentVersion(int number, Optional<String> versionName, String content, JsonNode parsed, Instant created) {

    /** @param algorithm {@code Sha256} or {@code Sha1}, as the API spells them */
    String hash(String algorithm) {
        try {
            String javaName = algorithm.equals("Sha1") ? "SHA-1" : "SHA-256";
            byte[] digest = MessageDigest.getInstance(javaName).digest(content.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1 and SHA-256", e);
        }
    }
}
