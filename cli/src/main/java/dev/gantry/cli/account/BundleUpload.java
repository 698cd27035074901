package dev.gantry.cli.account;

import dev.gantry.aws.AwsErrors;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.stored.ObjectKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Writes a bundle once and for all: If-None-Match keeps an object that is there (S3 user guide, "conditional writes"), and the
 * checksum lets S3 keep the SHA-256 by which the functions know later that it was not written over.
 */
public final class BundleUpload {
    private static final int CONFLICTS = 3;

    private final S3Client s3;
    private final String bucket;

    BundleUpload(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /** The place of a fleet's bundle. */
    public String address(FleetName fleet, BundleId bundle) {
        return "s3://" + bucket + "/" + ObjectKeys.bundle(fleet, bundle);
    }

    /** Whether it was written; false where it was there already. */
    public boolean upload(FleetName fleet, BundleId bundle, Path zip) {
        PutObjectRequest request = PutObjectRequest.builder()
                .bucket(bucket)
                .key(ObjectKeys.bundle(fleet, bundle))
                .contentType("application/zip")
                .ifNoneMatch("*")
                .checksumSHA256(
                        Base64.getEncoder().encodeToString(HexFormat.of().parseHex(bundle.sha256())))
                .build();
        for (int tries = 1; ; tries++) {
            try {
                s3.putObject(request, zip);
                return true;
            } catch (S3Exception e) {
                if (e.statusCode() == 412) {
                    return false;
                } else if (e.statusCode() != 409 || tries == CONFLICTS) {
                    throw AwsErrors.classify("writing " + address(fleet, bundle), e);
                }
                // Another write of this key is under way.
                LockSupport.parkNanos(Duration.ofMillis(200L * tries).toNanos());
            } catch (SdkException e) {
                throw AwsErrors.classify("writing " + address(fleet, bundle), e);
            }
        }
    }
}
