package dev.gantry.sandbox.s3;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** The checksums that S3 verifies on upload and gives back on download, by the name that headers carry. */
enum Checksum {
    CRC32,
    CRC32C,
    CRC64NVME,
    SHA1,
    SHA256;

    static final String FULL_OBJECT = "FULL_OBJECT";
    static final String COMPOSITE = "COMPOSITE";

    /** For example {@code x-amz-checksum-crc32}. */
    String header() {
        return "x-amz-checksum-" + name().toLowerCase(Locale.ROOT);
    }

    /** For example {@code ChecksumCRC32}, in XML. */
    String element() {
        return "Checksum" + name();
    }

    static Optional<Checksum> ofHeader(String header) {
        for (Checksum checksum : values()) {
            if (checksum.header().equalsIgnoreCase(header.trim())) {
                return Optional.of(checksum);
            }
        }
        return Optional.empty();
    }

    /** What S3 makes of the parts' checksums where the client asks for none: S3 user guide, "Checking object integrity". */
    String typeOfParts() {
        return this == CRC64NVME ? FULL_OBJECT : COMPOSITE;
    }

    /** COMPOSITE for a checksum of the parts' checksums, which ends with a hyphen and the number of parts. */
    static String type(String value) {
        return value.contains("-") ? COMPOSITE : FULL_OBJECT;
    }

    /** A running computation. */
    interface Running {
        void update(byte[] bytes, int length);

        /** Base64 of the big-endian value. */
        String value();
    }

    Running start() {
        return switch (this) {
            case CRC32 -> ofCrc(new CRC32());
            case CRC32C -> ofCrc(new CRC32C());
            case CRC64NVME -> new Crc64Nvme();
            case SHA1 -> ofDigest("SHA-1");
            case SHA256 -> ofDigest("SHA-256");
        };
    }

    private static Running ofCrc(java.util.zip.Checksum crc) {
        return new Running() {
            @Override
            public void update(byte[] bytes, int length) {
                crc.update(bytes, 0, length);
            }

            @Override
            public String value() {
                return base64(
                        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
            }
        };
    }

    private static Running ofDigest(String algorithm) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
        return new Running() {
            @Override
            public void update(byte[] bytes, int length) {
                digest.update(bytes, 0, length);
            }

            @Override
            public String value() {
                return base64(digest.digest());
            }
        };
    }

    /** CRC-64/NVME: reflected polynomial 0x9A6C9329AC4BC9B5, all ones before and after. Source: NVM Express base spec. */
    private static final class Crc64Nvme implements Running {
        private static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;
        private static final long[] TABLE = table();
        private long crc = -1;

        private static long[] table() {
            long[] table = new long[256];
            for (int i = 0; i < 256; i++) {
                long entry = i;
                for (int bit = 0; bit < 8; bit++) {
                    entry = (entry & 1) == 1 ? (entry >>> 1) ^ POLYNOMIAL : entry >>> 1;
                }
                table[i] = entry;
            }
            return table;
        }

        @Override
        public void update(byte[] bytes, int length) {
            for (int i = 0; i < length; i++) {
                crc = TABLE[(int) (crc ^ bytes[i]) & 0xFF] ^ (crc >>> 8);
            }
        }

        @Override
        public String value() {
            return base64(ByteBuffer.allocate(8).putLong(~crc).array());
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
