package dev.gantry.bastion.store;

import dev.gantry.launch.error.GantryException;
import dev.gantry.stored.StoredObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Small objects of one S3 bucket. Errors are {@link GantryException}s that name the object.
 *
 * <p>Without {@code s3:ListBucket} on the prefix a missing object answers 403, which is reported as a missing permission (API
 * reference, GetObject, "Permissions"). An instance can write anything into its own object, so at most
 * {@link #LONGEST} bytes are read.
 */
public final class Bucket {
    /** In bytes; a few host keys, or two key pairs, have 3 KiB. */
    public static final int LONGEST = 64 * 1024;

    private final S3Client s3;
    private final String name;

    public Bucket(S3Client s3, String name) {
        this.s3 = s3;
        this.name = name;
    }

    /** The object's name for people and errors. */
    public String uri(String key) {
        return "s3://" + name + "/" + key;
    }

    public Optional<StoredObject> read(String key) {
        try (ResponseInputStream<GetObjectResponse> in =
                s3.getObject(request -> request.bucket(name).key(key))) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                in.abort();
                throw new GantryException.Misconfigured(
                        uri(key) + " is longer than " + LONGEST + " bytes: nothing of Gantry's wrote that");
            }
            return Optional.of(new StoredObject(bytes, in.response().eTag()));
        } catch (SdkException e) {
            if (status(e) == 404) {
                return Optional.empty();
            }
            throw S3Errors.classify("reading " + uri(key), e);
        } catch (IOException e) {
            throw new GantryException.Retryable("reading " + uri(key) + ": " + e.getMessage(), e);
        }
    }

    /** The keys below the prefix, newest first, at most this many. */
    public List<String> newest(String prefix, int most) {
        try {
            return s3.listObjectsV2Paginator(request -> request.bucket(name).prefix(prefix)).contents().stream()
                    .sorted(Comparator.comparing(S3Object::lastModified).reversed())
                    .limit(most)
                    .map(S3Object::key)
                    .toList();
        } catch (SdkException e) {
            throw S3Errors.classify("listing " + uri(prefix), e);
        }
    }

    /** Writes the object unconditionally. */
    public void write(String key, byte[] bytes) {
        try {
            s3.putObject(put(key).build(), RequestBody.fromBytes(bytes));
        } catch (SdkException e) {
            throw S3Errors.classify("writing " + uri(key), e);
        }
    }

    /**
     * Writes the object, encrypted under the KMS key, if the stored one is still at this version, or if there is none where
     * no version is given (S3 user guide, "Conditional writes": If-Match, If-None-Match).
     *
     * @return whether it is stored now; false if another writer wrote in between
     */
    public boolean writeSecret(String key, byte[] bytes, Optional<String> version, String kmsKey) {
        PutObjectRequest.Builder request =
                put(key).serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(kmsKey);
        version.ifPresentOrElse(request::ifMatch, () -> request.ifNoneMatch("*"));
        try {
            s3.putObject(request.build(), RequestBody.fromBytes(bytes));
            return true;
        } catch (SdkException e) {
            // 412: another version, or our own, whose answer was lost and which the SDK sent again. 409: another writer
            // at
            // the same moment. 404 to an If-Match: no such object any more.
            int status = status(e);
            if (status == 412 || status == 409 || (status == 404 && version.isPresent())) {
                return read(key)
                        .filter(stored -> Arrays.equals(stored.bytes(), bytes))
                        .isPresent();
            }
            throw S3Errors.classify("writing " + uri(key), e);
        }
    }

    private PutObjectRequest.Builder put(String key) {
        return PutObjectRequest.builder().bucket(name).key(key).contentType("application/json");
    }

    private static int status(SdkException error) {
        return error instanceof S3Exception service && !"NoSuchBucket".equals(S3Errors.code(service))
                ? service.statusCode()
                : 0;
    }
}
