package dev.gantry.cli.bundle;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Writes a zip whose bytes depend on names, modes and contents only (APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16). What
 * else a zip says is fixed: made on Unix, at 1980-01-01, the oldest time that it can say. Files are stored, not compressed: two
 * versions of a compressor write different bytes, and playbooks are small.
 */
final class StoredZip implements Closeable {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;

    /** Where the CRC is in a local header; both sizes follow. */
    private static final int CRC_AT = 14;

    /** Version 2.0 of the format, on Unix. */
    private static final short MADE_BY = 3 << 8 | 20;

    private static final short NEEDED = 20;

    /** Bit 11: the name is UTF-8. */
    private static final short UTF_8 = 0x800;

    private static final short STORED = 0;
    private static final short MIDNIGHT = 0;

    /** 1980-01-01: years since 1980, month, day. */
    private static final short OLDEST_DAY = 1 << 5 | 1;

    private static final int CENTRAL_SIZE = 46;
    private static final int LOCAL_SIZE = 30;
    private static final int END_SIZE = 22;
    private static final int CHUNK = 1 << 16;
    /** More need another format of the end (4.3.14). */
    private static final int MOST_FILES = 0xfffe;

    private final RandomAccessFile file;
    private final ByteArrayOutputStream central = new ByteArrayOutputStream();
    private int files;

    StoredZip(Path path) throws IOException {
        file = new RandomAccessFile(path.toFile(), "rw");
    }

    /** Adds a file; the order is the caller's. */
    void add(Member member) throws IOException {
        byte[] name = member.name().getBytes(StandardCharsets.UTF_8);
        int offset = position();
        file.write(local(name));
        CRC32 crc = new CRC32();
        int size = copy(member, crc);
        int end = position();
        file.seek(offset + CRC_AT);
        file.write(little(12)
                .putInt((int) crc.getValue())
                .putInt(size)
                .putInt(size)
                .array());
        file.seek(end);
        central.write(central(member, name, (int) crc.getValue(), size, offset));
        files++;
        if (files > MOST_FILES) {
            throw new TooLarge("has more than " + MOST_FILES + " files, and a bundle may not");
        }
    }

    private int copy(Member member, CRC32 crc) throws IOException {
        int size = 0;
        byte[] chunk = new byte[CHUNK];
        try (InputStream content = member.content().open()) {
            for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
                crc.update(chunk, 0, read);
                file.write(chunk, 0, read);
                size += read;
                position();
            }
        } catch (TooLarge e) {
            throw e;
        } catch (IOException e) {
            throw new Unread(member.file(), e);
        }
        return size;
    }

    private static byte[] local(byte[] name) {
        return common(little(LOCAL_SIZE + name.length).putInt(LOCAL), name)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putShort((short) name.length)
                .putShort((short) 0)
                .put(name)
                .array();
    }

    private static byte[] central(Member member, byte[] name, int crc, int size, int offset) {
        return common(little(CENTRAL_SIZE + name.length).putInt(CENTRAL).putShort(MADE_BY), name)
                .putInt(crc)
                .putInt(size)
                .putInt(size)
                .putShort((short) name.length)
                // No extra field, no comment, on the first disk, no internal attributes.
                .putLong(0)
                .putInt(member.mode() << 16)
                .putInt(offset)
                .put(name)
                .array();
    }

    /** What both headers say before the CRC. */
    private static ByteBuffer common(ByteBuffer header, byte[] name) {
        boolean isAscii = true;
        for (byte octet : name) {
            isAscii &= octet >= 0;
        }
        return header.putShort(NEEDED)
                .putShort(isAscii ? 0 : UTF_8)
                .putShort(STORED)
                .putShort(MIDNIGHT)
                .putShort(OLDEST_DAY);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private int position() throws IOException {
        if (file.getFilePointer() > Integer.MAX_VALUE) {
            throw new TooLarge("is larger than 2 GiB, and a bundle may not be");
        }
        return (int) file.getFilePointer();
    }

    /** Writes the directory of the zip; without it there is none. */
    void finish() throws IOException {
        int start = position();
        file.write(central.toByteArray());
        file.write(little(END_SIZE)
                .putInt(END)
                .putInt(0)
                .putShort((short) files)
                .putShort((short) files)
                .putInt(central.size())
                .putInt(start)
                .putShort((short) 0)
                .array());
        file.setLength(file.getFilePointer());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** A file of the tree could not be read, which is another matter than one that could not be written. */
    static final class Unread extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient Path path;

        Unread(Path path, IOException cause) {
            super(cause);
            this.path = path;
        }

        Path path() {
            return path;
        }
    }

    /** No bundle is of this size. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge(String words) {
            super(words);
        }
    }
}
