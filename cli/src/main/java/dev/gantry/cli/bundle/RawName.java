package dev.gantry.cli.bundle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The bytes of a file's name. Java shows names in the locale's encoding, and cannot show all of them in the locale "C"; a path's
 * URI has the bytes themselves. Each char here is one byte.
 */
final class RawName {
    private static final int HEX = 16;

    private RawName() {}

    /** The last part of the path. */
    static String of(Path path) {
        String uri = path.toUri().getRawPath();
        String whole = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
        return bytes(whole.substring(whole.lastIndexOf('/') + 1));
    }

    private static String bytes(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < encoded.length(); at++) {
            if (encoded.charAt(at) == '%') {
                bytes.write(Integer.parseInt(encoded.substring(at + 1, at + 3), HEX));
                at += 2;
            } else {
                bytes.write(encoded.charAt(at));
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** The text that the bytes are in UTF-8; empty where they are none. */
    static Optional<String> text(String raw) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The path for a message: what is no UTF-8 is shown as the escape of its byte. */
    static String shown(Path path) {
        String uri = path.toUri().getRawPath();
        String raw = bytes(uri.length() > 1 && uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri);
        return text(raw).orElseGet(() -> escaped(raw));
    }

    private static String escaped(String raw) {
        StringBuilder shown = new StringBuilder();
        raw.chars().forEach(octet -> {
            if (octet < ' ' || octet > '~') {
                shown.append(String.format("\\x%02x", octet));
            } else {
                shown.append((char) octet);
            }
        });
        return shown.toString();
    }
}
