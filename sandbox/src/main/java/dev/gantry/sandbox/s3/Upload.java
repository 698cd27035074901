package dev.gantry.sandbox.s3;

import dev.gantry.sandbox.s3.Blobs.Blob;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.WireRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a body as S3 does, plain or {@code aws-chunked}. Refuses it unless its length and every checksum that the client sent,
 * in a header or in the trailer, match the bytes that arrived.
 */
final class Upload {
    /** The most that one PutObject or one part may carry: 5 GiB. Source: S3 user guide, "Amazon S3 limits". */
    private static final long MOST_BYTES = 5L << 30;

    private final Blobs blobs;

    Upload(Blobs blobs) {
        this.blobs = blobs;
    }

    Blob receive(WireRequest request) {
        String payload = request.header("x-amz-content-sha256").orElse("");
        Map<Checksum, String> claimed = claimed(request);
        Set<Checksum> wanted = EnumSet.noneOf(Checksum.class);
        wanted.addAll(claimed.keySet());
        // A client that says nothing gets CRC64NVME since December 2024: S3 user guide, "Checking object integrity".
        wanted.add(trailing(request)
                .orElse(
                        wanted.isEmpty()
                                ? Checksum.CRC64NVME
                                : wanted.iterator().next()));
        boolean signedPayload = payload.length() == 64;
        if (signedPayload) {
            wanted.add(Checksum.SHA256);
        }
        Blob blob = store(request, payload, claimed, wanted);
        try {
            checkLength(request, blob);
            check(request, claimed, blob);
            if (signedPayload && !payload.equals(hex(blob.checksums().get(Checksum.SHA256)))) {
                throw AwsError.badRequest(
                        "XAmzContentSHA256Mismatch",
                        "The provided 'x-amz-content-sha256' header does not match what was computed.");
            }
        } catch (AwsError e) {
            blobs.delete(blob);
            throw e;
        }
        if (signedPayload && !claimed.containsKey(Checksum.SHA256)) {
            blob.checksums().remove(Checksum.SHA256);
        }
        return blob;
    }

    private Blob store(WireRequest request, String payload, Map<Checksum, String> claimed, Set<Checksum> wanted) {
        try {
            if (!payload.startsWith("STREAMING-")) {
                return blobs.store(limited(request.body()), wanted);
            }
            AwsChunkedInputStream chunks = new AwsChunkedInputStream(request.body());
            Blob blob = blobs.store(limited(chunks), wanted);
            chunks.trailers().forEach((name, value) -> Checksum.ofHeader(name)
                    .ifPresent(checksum -> claimed.put(checksum, value)));
            return blob;
        } catch (IOException e) {
            throw AwsError.badRequest("IncompleteBody", "The request body terminated unexpectedly: " + e.getMessage());
        }
    }

    private static InputStream limited(InputStream in) {
        return new FilterInputStream(in) {
            private long total;

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = super.read(buffer, offset, length);
                total += Math.max(0, count);
                if (total > MOST_BYTES) {
                    throw AwsError.badRequest(
                            "EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size");
                }
                return count;
            }
        };
    }

    private static Map<Checksum, String> claimed(WireRequest request) {
        Map<Checksum, String> claimed = new EnumMap<>(Checksum.class);
        for (Checksum checksum : Checksum.values()) {
            request.header(checksum.header()).ifPresent(value -> claimed.put(checksum, value));
        }
        return claimed;
    }

    private static Optional<Checksum> trailing(WireRequest request) {
        Optional<String> trailer = request.header("x-amz-trailer");
        Optional<Checksum> checksum = trailer.flatMap(Checksum::ofHeader);
        if (trailer.isPresent() && checksum.isEmpty()) {
            throw AwsError.badRequest(
                    "InvalidRequest", "The value specified in the x-amz-trailer header is not supported");
        }
        return checksum;
    }

    private static void checkLength(WireRequest request, Blob blob) {
        request.header("x-amz-decoded-content-length")
                .filter(length -> !length.equals(String.valueOf(blob.length())))
                .ifPresent(length -> {
                    throw AwsError.badRequest(
                            "IncompleteBody",
                            "You did not provide the number of bytes specified: " + length + ", but " + blob.length()
                                    + ".");
                });
    }

    private static void check(WireRequest request, Map<Checksum, String> claimed, Blob blob) {
        claimed.forEach((checksum, value) -> {
            if (!value.equals(blob.checksums().get(checksum))) {
                throw AwsError.badRequest(
                        "BadDigest", "The " + checksum + " you specified did not match the calculated checksum.");
            }
        });
        request.header("content-md5")
                .filter(md5 -> !blob.md5().equals(hex(md5)))
                .ifPresent(md5 -> {
                    throw AwsError.badRequest(
                            "BadDigest", "The Content-MD5 you specified did not match what we received.");
                });
    }

    private static String hex(String base64) {
        try {
            return HexFormat.of().formatHex(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw AwsError.badRequest("InvalidDigest", "The checksum you specified is not valid: " + base64);
        }
    }
}
