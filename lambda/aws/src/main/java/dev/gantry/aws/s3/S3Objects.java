package dev.gantry.aws.s3;

import dev.gantry.aws.AwsErrors;
import dev.gantry.launch.error.GantryException;
import dev.gantry.stored.StoredObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Small objects of one bucket, written by conditional writes only (S3 user guide, "conditional writes"): If-None-Match
 * {@code *} for an object that must not exist yet, If-Match for one that must still be the one that was read.
 *
 * <p>A write that meets 412 reads the object and compares: equal bytes are our own write, whose answer was lost and which the
 * SDK sent again. 409 means a concurrent write: it is retried a few times. 404 to an If-Match means that the
 * object is gone. Errors are {@link GantryException}s that name the object.
 */
public final class S3Objects {
    private static final int CONFLICTS = 3;

    private final S3Client s3;
    private final String bucket;

    public S3Objects(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /** The object's name for people and errors. */
    public String name(String key) {
        return "s3://" + bucket + "/" + key;
    }

    public Optional<StoredObject> read(String key) {
        try {
            ResponseBytes<GetObjectResponse> answer =
                    s3.getObjectAsBytes(request -> request.bucket(bucket).key(key));
            return Optional.of(
                    new StoredObject(answer.asByteArray(), answer.response().eTag()));
        } catch (SdkException e) {
            if (isAbsent(e)) {
                return Optional.empty();
            }
            throw AwsErrors.classify("reading " + name(key), e);
        }
    }

    /**
     * What S3 says about an object.
     *
     * @param sha256 of all its bytes, in hexadecimal digits; empty if S3 has another checksum, or a checksum of its parts'
     *     checksums
     */
    record Head(Optional<String> sha256) {}

    /** With an object under a KMS key this needs {@code kms:Decrypt}, because of the checksum (API_HeadObject). */
    Optional<Head> head(String key) {
        try {
            HeadObjectResponse answer =
                    s3.headObject(request -> request.bucket(bucket).key(key).checksumMode(ChecksumMode.ENABLED));
            boolean isWhole = answer.checksumType() != ChecksumType.COMPOSITE;
            return Optional.of(new Head(Optional.ofNullable(answer.checksumSHA256())
                    .filter(sum -> isWhole)
                    .flatMap(S3Objects::hex)));
        } catch (SdkException e) {
            if (isAbsent(e)) {
                return Optional.empty();
            }
            throw AwsErrors.classify("looking for " + name(key), e);
        }
    }

    /** A checksum of checksums ends with the number of parts, so it is not base64. */
    private static Optional<String> hex(String base64) {
        try {
            return Optional.of(HexFormat.of().formatHex(Base64.getDecoder().decode(base64)));
        } catch (IllegalArgumentException notOfTheWhole) {
            return Optional.empty();
        }
    }

    /** Every key below the prefix, page by page. */
    List<String> keys(String prefix) {
        return list(prefix, request -> {}).stream().map(S3Object::key).toList();
    }

    /** Every key below the prefix that sorts after the given one, page by page. */
    List<String> keysAfter(String prefix, String key) {
        return list(prefix, request -> request.startAfter(key)).stream()
                .map(S3Object::key)
                .toList();
    }

    /** Every key below the prefix whose object was written last after the given time, which S3 keeps in whole seconds. */
    List<String> keysWrittenAfter(String prefix, Instant time) {
        return list(prefix, request -> {}).stream()
                .filter(object -> object.lastModified().isAfter(time))
                .map(S3Object::key)
                .toList();
    }

    private List<S3Object> list(String prefix, Consumer<ListObjectsV2Request.Builder> more) {
        try {
            return s3
                    .listObjectsV2Paginator(request -> {
                        request.bucket(bucket).prefix(prefix);
                        more.accept(request);
                    })
                    .contents()
                    .stream()
                    .toList();
        } catch (SdkException e) {
            throw AwsErrors.classify("listing " + name(prefix), e);
        }
    }

    /**
     * Writes the object if the stored one is still at this version, or, without a version, if there is none.
     *
     * @return the new version, or empty if another writer wrote in between
     */
    Optional<String> write(String key, byte[] bytes, Optional<String> version) {
        for (int tries = 1; ; tries++) {
            try {
                return Optional.of(put(key, bytes, version));
            } catch (S3Exception e) {
                if (e.statusCode() == 412) {
                    return ownWrite(key, bytes);
                } else if (version.isPresent() && isAbsent(e)) {
                    return Optional.empty();
                } else if (e.statusCode() != 409 || tries == CONFLICTS) {
                    throw AwsErrors.classify("writing " + name(key), e);
                }
            } catch (SdkException e) {
                throw AwsErrors.classify("writing " + name(key), e);
            }
        }
    }

    private String put(String key, byte[] bytes, Optional<String> version) {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(bucket).key(key).contentType("application/json");
        version.ifPresentOrElse(request::ifMatch, () -> request.ifNoneMatch("*"));
        return s3.putObject(request.build(), RequestBody.fromBytes(bytes)).eTag();
    }

    private Optional<String> ownWrite(String key, byte[] bytes) {
        return read(key).filter(stored -> Arrays.equals(stored.bytes(), bytes)).map(StoredObject::version);
    }

    /** HEAD answers 404 without a body, so without a code; a missing bucket is another matter where the code says so. */
    private static boolean isAbsent(SdkException error) {
        return error instanceof S3Exception s3
                && s3.statusCode() == 404
                && !AwsErrors.code(s3).filter("NoSuchBucket"::equals).isPresent();
    }
}
