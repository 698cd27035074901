package dev.gantry.sandbox.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The two checksums that SQS gives and SDKs verify. Source: SQS developer guide, "Amazon SQS message metadata". */
final class Md5 {
    private Md5() {}

    static String hex(String text) {
        return hex(text.getBytes(UTF_8));
    }

    /** The MD5 of attributes, by name: length and bytes of name and type, a transport byte, length and bytes of value. */
    static String hex(Map<String, MessageAttribute> attributes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Map.Entry<String, MessageAttribute> entry : new TreeMap<>(attributes).entrySet()) {
                MessageAttribute attribute = entry.getValue();
                write(out, entry.getKey().getBytes(UTF_8));
                write(out, attribute.dataType().getBytes(UTF_8));
                out.writeByte(attribute.binary() ? 2 : 1);
                write(
                        out,
                        attribute.binary()
                                ? Base64.getDecoder().decode(attribute.value())
                                : attribute.value().getBytes(UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return hex(bytes.toByteArray());
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
