package dev.gantry.sandbox.s3;

import dev.gantry.sandbox.s3.Blobs.Blob;
import dev.gantry.sandbox.s3.Multipart.Listed;
import dev.gantry.sandbox.s3.S3.Target;
import dev.gantry.sandbox.time.Timers;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.WireRequest;
import dev.gantry.sandbox.wire.WireResponse;
import dev.gantry.sandbox.wire.Xml;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The operations of multipart uploads, as {@code aws s3 cp} uses them for files of 8 MB and more. */
final class Multiparts {
    private final Buckets buckets;
    private final Blobs blobs;
    private final Timers timers;
    private final Upload upload;
    private final Map<String, Multipart> uploads = new ConcurrentHashMap<>();

    Multiparts(Buckets buckets, Blobs blobs, Timers timers) {
        this.buckets = buckets;
        this.blobs = blobs;
        this.timers = timers;
        this.upload = new Upload(blobs);
    }

    WireResponse create(Target target, WireRequest request) {
        buckets.get(target.bucket());
        String id = UUID.randomUUID().toString();
        Checksum checksum = request.header("x-amz-checksum-algorithm")
                .map(name -> Checksum.ofHeader("x-amz-checksum-" + name)
                        .orElseThrow(() -> AwsError.badRequest(
                                "InvalidRequest", "Checksum algorithm provided is unsupported: " + name)))
                .orElse(Checksum.CRC64NVME);
        String type = request.header("x-amz-checksum-type").orElse(checksum.typeOfParts());
        uploads.put(
                id,
                new Multipart(
                        target.bucket(),
                        target.key(),
                        Objects.kept(target.key(), request),
                        checked(checksum, type),
                        type));
        return S3Xml.answer(
                "InitiateMultipartUploadResult",
                Xml.element("Bucket", target.bucket())
                        + Xml.element("Key", target.key())
                        + Xml.element("UploadId", id));
    }

    /** A digest of the whole cannot be made from the parts' digests; CRC64NVME has no other form. */
    private static Checksum checked(Checksum checksum, String type) {
        boolean isDigest = checksum == Checksum.SHA1 || checksum == Checksum.SHA256;
        boolean fits = (type.equals(Checksum.FULL_OBJECT) && !isDigest)
                || (type.equals(Checksum.COMPOSITE) && checksum != Checksum.CRC64NVME);
        if (!fits) {
            throw AwsError.badRequest(
                    "InvalidRequest",
                    "The " + type + " checksum type cannot be used with the " + checksum + " checksum.");
        }
        return checksum;
    }

    WireResponse add(Target target, WireRequest request) {
        Multipart multipart = find(target, request);
        int number = number(request.query("partNumber").orElse(""));
        Blob part = upload.receive(request);
        multipart.add(number, part, blobs);
        Checksum checksum = part.checksums().keySet().iterator().next();
        return WireResponse.empty(200, Map.of("ETag", "\"" + part.md5() + "\""))
                .with(checksum.header(), part.checksums().get(checksum));
    }

    WireResponse complete(Target target, WireRequest request) {
        Bucket bucket = buckets.get(target.bucket());
        Multipart multipart = find(target, request);
        long begun = bucket.begin();
        List<Listed> listed = S3Xml.all(S3Xml.parse(request.text()), "Part").stream()
                .map(part -> new Listed(number(S3Xml.text(part, "PartNumber")), S3Xml.text(part, "ETag")))
                .toList();
        if (listed.isEmpty()) {
            throw AwsError.badRequest("MalformedXML", "You must specify at least one part");
        }
        List<Blob> parts = multipart.chosen(listed);
        Blob whole = multipart.join(parts, blobs);
        StoredObject object = new StoredObject(
                target.key(),
                whole,
                Multipart.etag(parts),
                timers.instant().truncatedTo(ChronoUnit.SECONDS),
                multipart.headers(),
                Map.of());
        try {
            bucket.put(object, Conditions.of(request), begun)
                    .map(StoredObject::blob)
                    .ifPresent(blobs::delete);
        } catch (AwsError refused) {
            blobs.delete(whole);
            throw refused;
        }
        uploads.remove(request.query("uploadId").orElse(""));
        multipart.discard(blobs);
        return S3Xml.answer(
                "CompleteMultipartUploadResult",
                Xml.element("Bucket", target.bucket())
                        + Xml.element("Key", target.key())
                        + Xml.element("ETag", object.etag())
                        + checksums(whole));
    }

    private static String checksums(Blob whole) {
        return whole.checksums().entrySet().stream()
                .map(e -> Xml.element(e.getKey().element(), e.getValue())
                        + Xml.element("ChecksumType", Checksum.type(e.getValue())))
                .collect(Collectors.joining());
    }

    WireResponse abort(Target target, WireRequest request) {
        Multipart multipart = find(target, request);
        uploads.remove(request.query("uploadId").orElse(""));
        multipart.discard(blobs);
        return WireResponse.empty(204, Map.of());
    }

    private Multipart find(Target target, WireRequest request) {
        Multipart multipart = uploads.get(request.query("uploadId").orElse(""));
        if (multipart == null || !multipart.isOf(target.bucket(), target.key())) {
            throw new AwsError(
                    404,
                    "NoSuchUpload",
                    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
                            + "aborted or completed.");
        }
        return multipart;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw AwsError.badRequest("InvalidArgument", "Part number must be an integer: " + text);
        }
    }
}
