package dev.gantry.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.BundleId;
import dev.gantry.launch.Failure;
import dev.gantry.launch.FleetName;
import dev.gantry.launch.InstanceId;
import dev.gantry.launch.port.Failures;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Failed runs in S3, {@code failures/<sha256>/<instance>-<stay>.json}: what the breaker counts, and what people read. The
 * first record of a stay stays as it is.
 */
public final class S3Failures implements Failures {
    private final S3Objects objects;

    public S3Failures(S3Client s3, String bucket) {
        this.objects = new S3Objects(s3, bucket);
    }

    @Override
    public void record(FleetName fleet, BundleId bundle, InstanceId instance, int stay, Failure failure, Instant at) {
        ObjectNode json = Json.object()
                .put("fleet", fleet.value())
                .put("instance", instance.value())
                .put("stay", stay)
                .put("at", at.toString());
        objects.write(
                Keys.failure(bundle, instance, stay), Json.bytes(FailureJson.writeTo(json, failure)), Optional.empty());
    }
}
