package dev.gantry.cli.account;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class TarGzTest {
    private static final int BLOCK = 512;

    private static byte[] entry(String name, char type, byte[] content) {
        byte[] blocks = new byte[BLOCK + (content.length + BLOCK - 1) / BLOCK * BLOCK];
        put(blocks, 0, name);
        put(blocks, 124, String.format("%011o", content.length));
        blocks[156] = (byte) type;
        System.arraycopy(content, 0, blocks, BLOCK, content.length);
        return blocks;
    }

    private static void put(byte[] into, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, into, at, bytes.length);
    }

    private static byte[] archive(byte[]... entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            for (byte[] entry : entries) {
                gzip.write(entry);
            }
            gzip.write(new byte[2 * BLOCK]);
        }
        return out.toByteArray();
    }

    @Test
    void filesComeInTheirOrderAndFoldersDoNot() throws IOException {
        byte[] journal = "x".repeat(600).getBytes(StandardCharsets.UTF_8);

        Map<String, byte[]> files = TarGz.read(archive(
                entry("folder/", '5', new byte[0]), entry("journal.txt", '0', journal), entry("b", '0', new byte[0])));

        assertEquals(List.of("journal.txt", "b"), List.copyOf(files.keySet()));
        assertArrayEquals(journal, files.get("journal.txt"));
    }

    @Test
    void aFileThatIsNoArchiveIsRefused() throws IOException {
        byte[] broken = entry("x", '0', new byte[0]);
        put(broken, 124, "none of it ");

        assertThrows(IOException.class, () -> TarGz.read(new byte[] {1, 2, 3}));
        assertThrows(IOException.class, () -> TarGz.read(archive(broken)));
    }
}
