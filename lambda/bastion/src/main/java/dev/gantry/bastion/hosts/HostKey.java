package dev.gantry.bastion.hosts;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host's public key: type and the bytes of RFC 4253, 6.6 in base64, as OpenSSH writes it into {@code ssh_host_*_key.pub}.
 * Two keys are equal if these bytes are equal.
 */
public record HostKey(String type, String base64) {
    private static final Pattern LINE =
            Pattern.compile("([a-z0-9][a-z0-9@.-]{2,63}) ([A-Za-z0-9+/]{16,4096}={0,2})(?: .*)?");

    /**
     * Reads {@code ssh-ed25519 AAAA… comment}; the comment is left out.
     *
     * @throws IllegalArgumentException if it is not such a line
     */
    public static HostKey of(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an OpenSSH public key");
        }
        Base64.getDecoder().decode(matcher.group(2));
        return new HostKey(matcher.group(1), matcher.group(2));
    }

    /** As {@code ssh-keygen -l} shows it: SHA256 in base64, without padding. */
    public String fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(Base64.getDecoder().decode(base64));
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return type + " " + base64;
    }
}
