package dev.gantry.aws.s3;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.stored.ObjectKeys;
import dev.gantry.stored.Samples;
import dev.gantry.stored.SettingsJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** {@link S3Fleets} over whichever S3 a subclass in any module names; a bucket is empty when a test begins. */
public abstract class S3FleetsContract extends FleetsContract {
    static final String CONTENT = "zip";

    private S3Client s3;
    private String bucket;
    private Fleets fleets;

    /** To be called before each test. */
    protected final void use(S3Client client, String name) {
        s3 = client;
        bucket = name;
        fleets = new S3Fleets(client, name, () -> Samples.NOW);
    }

    @Override
    final Fleets fleets() {
        return fleets;
    }

    @Override
    final void settings(Fleet fleet) {
        put(ObjectKeys.settings(fleet.name()), RequestBody.fromBytes(SettingsJson.write(fleet)));
    }

    @Override
    final void bundle(FleetName fleet, BundleId bundle) {
        s3.putObject(
                request -> request.bucket(bucket)
                        .key(ObjectKeys.bundle(fleet, bundle))
                        .checksumAlgorithm(ChecksumAlgorithm.SHA256),
                RequestBody.fromString(CONTENT));
    }

    @Test
    final void aBundleWithOtherBytesThanItsNameSaysIsRefused() {
        bundle(Samples.WEB, Samples.OTHER);

        assertTrue(fleets.flaw(Samples.WEB, Samples.OTHER).orElseThrow().contains("was written over"));
    }

    @Test
    final void aBundleWithoutASha256IsRefused() {
        put(ObjectKeys.bundle(Samples.WEB, BUNDLE), RequestBody.fromString(CONTENT));

        assertTrue(fleets.flaw(Samples.WEB, BUNDLE).orElseThrow().contains("no SHA-256 of the whole object"));
    }

    @Test
    final void aBundleInSeveralPartsIsRefused() {
        String key = ObjectKeys.bundle(Samples.WEB, BUNDLE);
        String upload = s3.createMultipartUpload(
                        request -> request.bucket(bucket).key(key).checksumAlgorithm(ChecksumAlgorithm.SHA256))
                .uploadId();
        UploadPartResponse part = s3.uploadPart(
                request -> request.bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .partNumber(1)
                        .checksumAlgorithm(ChecksumAlgorithm.SHA256),
                RequestBody.fromString(CONTENT));
        CompletedPart completed = CompletedPart.builder()
                .partNumber(1)
                .eTag(part.eTag())
                .checksumSHA256(part.checksumSHA256())
                .build();
        s3.completeMultipartUpload(request ->
                request.bucket(bucket).key(key).uploadId(upload).multipartUpload(all -> all.parts(List.of(completed))));

        // The message depends on the store: moto does not mark a checksum of parts.
        assertTrue(fleets.flaw(Samples.WEB, BUNDLE).isPresent());
    }

    private void put(String key, RequestBody body) {
        s3.putObject(request -> request.bucket(bucket).key(key), body);
    }
}
