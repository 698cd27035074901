package dev.gantry.sandbox.s3;

import dev.gantry.sandbox.s3.Blobs.Blob;
import dev.gantry.sandbox.wire.AwsError;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One multipart upload in progress. Limits: S3 user guide, "Amazon S3 multipart upload limits". */
final class Multipart {
    private static final long LEAST_PART = 5L << 20;
    private static final int MOST_PARTS = 10_000;

    private final String bucket;
    private final String key;
    private final Map<String, String> headers;
    private final Checksum checksum;
    private final String checksumType;
    private final Map<Integer, Blob> parts = new TreeMap<>();

    /** @param checksumType FULL_OBJECT or COMPOSITE, as {@link Multiparts} has checked */
    Multipart(String bucket, String key, Map<String, String> headers, Checksum checksum, String checksumType) {
        this.checksum = checksum;
        this.checksumType = checksumType;
        this.bucket = bucket;
        this.key = key;
        this.headers = headers;
    }

    boolean isOf(String someBucket, String someKey) {
        return bucket.equals(someBucket) && key.equals(someKey);
    }

    Map<String, String> headers() {
        return headers;
    }

    /** A part as CompleteMultipartUpload lists it. */
    record Listed(int number, String etag) {}

    synchronized void add(int number, Blob part, Blobs blobs) {
        if (number < 1 || number > MOST_PARTS) {
            blobs.delete(part);
            throw AwsError.badRequest(
                    "InvalidArgument", "Part number must be an integer between 1 and " + MOST_PARTS + ", inclusive");
        }
        Blob former = parts.put(number, part);
        if (former != null) {
            blobs.delete(former);
        }
    }

    /** The parts that were listed, in order, each checked. */
    synchronized List<Blob> chosen(List<Listed> listed) {
        List<Blob> chosen = new ArrayList<>();
        int last = 0;
        for (Listed part : listed) {
            Blob blob = parts.get(part.number());
            if (blob == null || !blob.md5().equals(part.etag().replace("\"", ""))) {
                throw AwsError.badRequest(
                        "InvalidPart",
                        "One or more of the specified parts could not be found. The part may not have been uploaded, or "
                                + "the specified entity tag may not match the part's entity tag.");
            }
            if (part.number() <= last) {
                throw AwsError.badRequest(
                        "InvalidPartOrder",
                        "The list of parts was not in ascending order. Parts must be ordered by part " + "number.");
            }
            last = part.number();
            chosen.add(blob);
        }
        if (chosen.stream().limit(Math.max(0, chosen.size() - 1)).anyMatch(blob -> blob.length() < LEAST_PART)) {
            throw AwsError.badRequest(
                    "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
        }
        return chosen;
    }

    /** The entity tag of the whole: the MD5 of the parts' MD5s, and how many there were. */
    static String etag(List<Blob> parts) {
        MessageDigest md5 = Blobs.md5();
        parts.forEach(part -> md5.update(HexFormat.of().parseHex(part.md5())));
        return "\"" + HexFormat.of().formatHex(md5.digest()) + "-" + parts.size() + "\"";
    }

    Blob join(List<Blob> chosen, Blobs blobs) {
        Blob whole = joined(chosen, blobs, checksum);
        if (checksumType.equals(Checksum.COMPOSITE)) {
            whole.checksums().put(checksum, composite(chosen, blobs));
        }
        return whole;
    }

    /** The checksum of the parts' checksums, and how many there were. */
    private String composite(List<Blob> chosen, Blobs blobs) {
        Checksum.Running all = checksum.start();
        for (Blob part : chosen) {
            byte[] one = Base64.getDecoder().decode(of(part, blobs));
            all.update(one, one.length);
        }
        return all.value() + "-" + chosen.size();
    }

    private String of(Blob part, Blobs blobs) {
        Checksum.Running running = checksum.start();
        try (InputStream in = blobs.open(part, 0)) {
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                running.update(buffer, count);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a part", e);
        }
        return running.value();
    }

    private static Blob joined(List<Blob> parts, Blobs blobs, Checksum checksum) {
        List<InputStream> streams = new ArrayList<>();
        try {
            for (Blob part : parts) {
                streams.add(blobs.open(part, 0));
            }
            try (InputStream whole = new SequenceInputStream(Collections.enumeration(streams))) {
                return blobs.store(whole, List.of(checksum));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot join the parts", e);
        }
    }

    synchronized void discard(Blobs blobs) {
        parts.values().forEach(blobs::delete);
        parts.clear();
    }
}
