package dev.gantry.sandbox.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;

/** The bytes of objects, one file each, so that a video costs no heap. A blob never changes once written. */
final class Blobs {
    private final Path directory;

    Blobs(Path directory) {
        this.directory = directory;
    }

    /**
     * What was stored.
     *
     * @param md5 in hexadecimal digits
     * @param checksums in base64, of every kind that was asked for
     */
    record Blob(Path file, long length, String md5, Map<Checksum, String> checksums) {}

    /** Stores a stream to its end. */
    Blob store(InputStream body, Collection<Checksum> wanted) throws IOException {
        Map<Checksum, Checksum.Running> running = new EnumMap<>(Checksum.class);
        wanted.forEach(checksum -> running.put(checksum, checksum.start()));
        MessageDigest md5 = md5();
        Path file = directory.resolve(UUID.randomUUID().toString());
        long length = 0;
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                int read = count;
                out.write(buffer, 0, read);
                md5.update(buffer, 0, read);
                running.values().forEach(checksum -> checksum.update(buffer, read));
                length += read;
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        Map<Checksum, String> values = new EnumMap<>(Checksum.class);
        running.forEach((checksum, value) -> values.put(checksum, value.value()));
        return new Blob(file, length, HexFormat.of().formatHex(md5.digest()), values);
    }

    InputStream open(Blob blob, long from) throws IOException {
        InputStream in = Files.newInputStream(blob.file());
        in.skipNBytes(from);
        return in;
    }

    /** A reader that has opened the blob can still read it to its end. */
    void delete(Blob blob) {
        try {
            Files.deleteIfExists(blob.file());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + blob.file(), e);
        }
    }

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
