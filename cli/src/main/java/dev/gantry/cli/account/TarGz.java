package dev.gantry.cli.account;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * The regular files of a small tar archive that is compressed with gzip (POSIX.1-1988 ustar, as Python's tarfile writes it).
 * What an instance has written is not trusted: names are shown and never used as paths, and sizes have bounds.
 */
final class TarGz {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int TYPE_AT = 156;
    private static final int MOST_FILES = 1000;
    private static final long MOST_BYTES = 256L * 1024 * 1024;

    private TarGz() {}

    /** Files by name, in the archive's order. */
    static Map<String, byte[]> read(byte[] archive) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        long bytes = 0;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(archive))) {
            byte[] header = in.readNBytes(BLOCK);
            while (header.length == BLOCK && header[0] != 0 && files.size() < MOST_FILES) {
                long size = Long.parseLong(text(header, SIZE_AT, SIZE_LENGTH).strip(), 8);
                bytes += size;
                if (bytes > MOST_BYTES) {
                    throw new IOException("it has more than " + MOST_BYTES + " bytes");
                }
                byte[] content = in.readNBytes((int) size);
                in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
                boolean isFile = header[TYPE_AT] == '0' || header[TYPE_AT] == 0;
                if (isFile) {
                    files.put(text(header, 0, NAME), content);
                }
                header = in.readNBytes(BLOCK);
            }
            return files;
        } catch (NumberFormatException e) {
            throw new IOException("a header of it has no size", e);
        }
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }
}
