package dev.gantry.cli.console;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who is let in: requests that name this machine as their host, and bring the token of the printed address, or the cookie that
 * it was exchanged for. Another site's page can do neither, even if its name resolves to this machine (DNS
 * rebinding).
 */
final class Door {
    private static final int TOKEN_BYTES = 24;

    /** Browsers leave it out of the Host header (RFC 9110, 7.2). */
    private static final int PORT_OF_HTTP = 80;

    private final String cookie;
    private final String token;
    private final int port;

    /** A door with a new token. {@code key} is secret and random, at least 32 bytes; cookies of one key open every door of it. */
    Door(byte[] key, int port) {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        this.token = text(random);
        this.cookie = text(mac(key, "cookie:" + port));
        this.port = port;
    }

    /** What the printed address ends with. */
    String token() {
        return token;
    }

    /** For Set-Cookie. Browsers share cookies between ports, so the cookie's name contains the port. */
    String cookie() {
        return cookieName() + "=" + cookie + "; Path=/; HttpOnly; SameSite=Strict";
    }

    boolean isToken(String said) {
        return isEqual(said, token);
    }

    /** Whether there is one Host header, and it names this machine and port as a browser writes it. */
    boolean isHost(List<String> hosts) {
        return hosts.size() == 1
                && Stream.of("127.0.0.1", "localhost")
                        .flatMap(name ->
                                port == PORT_OF_HTTP ? Stream.of(name, name + ":80") : Stream.of(name + ":" + port))
                        .anyMatch(hosts.get(0)::equals);
    }

    /** Whether one of the Cookie headers has the right one. */
    boolean isKnown(List<String> cookies) {
        return cookies.stream()
                .flatMap(header -> Stream.of(header.split(";")))
                .map(String::strip)
                .filter(pair -> pair.startsWith(cookieName() + "="))
                .anyMatch(pair -> isEqual(pair.substring(cookieName().length() + 1), cookie));
    }

    private String cookieName() {
        return "gantry-console-" + port;
    }

    private static boolean isEqual(String said, String expected) {
        return MessageDigest.isEqual(said.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] mac(byte[] key, String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no HmacSHA256", e);
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
