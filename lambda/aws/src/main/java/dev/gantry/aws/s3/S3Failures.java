package dev.gantry.aws.s3;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Failures;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Failure;
import dev.gantry.stored.FailureJson;
import dev.gantry.stored.Json;
import dev.gantry.stored.ObjectKeys;
import dev.gantry.stored.StayJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Failed runs in S3, {@code failures/<fleet>/<sha256>/<instance>-<stay>.json}, and abandonments, {@code
 * abandonments/<fleet>/<time>-<instance>-<stay>.json}: what the breaker counts, and what people read. The first record of a stay
 * is not overwritten.
 *
 * <p>Counting reads keys only. A failure's time is its object's LastModified, in whole seconds by S3's clock; an abandonment's
 * time is in its key, so that a list can begin there (API_ListObjectsV2, {@code start-after}: keys come in UTF-8 binary order).
 */
public final class S3Failures implements Failures {
    private final S3Objects objects;

    public S3Failures(S3Client s3, String bucket) {
        this.objects = new S3Objects(s3, bucket);
    }

    @Override
    public void record(FleetName fleet, BundleId bundle, InstanceId instance, int stay, Failure failure, Instant at) {
        ObjectNode json = stay(fleet, instance, stay, at);
        objects.write(
                ObjectKeys.failure(fleet, bundle, instance, stay),
                Json.bytes(FailureJson.writeTo(json, failure)),
                Optional.empty());
    }

    @Override
    public Set<InstanceId> failed(FleetName fleet, BundleId bundle, Optional<Instant> after) {
        String prefix = ObjectKeys.failures(fleet, bundle);
        List<String> keys =
                after.map(time -> objects.keysWrittenAfter(prefix, time)).orElseGet(() -> objects.keys(prefix));
        Set<InstanceId> failed = new TreeSet<>();
        keys.forEach(key -> ObjectKeys.failedInstance(key).ifPresent(failed::add));
        return failed;
    }

    @Override
    public void abandoned(FleetName fleet, InstanceId instance, int stay, Instant decidedAt, Cause cause) {
        ObjectNode json = stay(fleet, instance, stay, decidedAt).put("cause", StayJson.word(cause));
        objects.write(ObjectKeys.abandonment(fleet, decidedAt, instance, stay), Json.bytes(json), Optional.empty());
    }

    @Override
    public int abandonments(FleetName fleet, Instant since) {
        // An abandonment that was tried again has one key for each try.
        return (int)
                objects.keysAfter(ObjectKeys.abandonments(fleet), ObjectKeys.abandonmentsSince(fleet, since)).stream()
                        .map(ObjectKeys::stayOfAbandonment)
                        .distinct()
                        .count();
    }

    private static ObjectNode stay(FleetName fleet, InstanceId instance, int stay, Instant at) {
        return Json.object()
                .put("fleet", fleet.value())
                .put("instance", instance.value())
                .put("stay", stay)
                .put("at", at.toString());
    }
}
