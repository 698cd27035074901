package dev.gantry.cli.account;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.stored.ObjectKeys;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What of a fleet was written when, without reading it: ListObjectsV2 has times and ETags, 1,000 objects a page. */
final class LedgerListing {
    private static final String SUFFIX = ".json";

    private final S3Client s3;
    private final String bucket;

    LedgerListing(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /**
     * A record of the ledger.
     *
     * @param version its ETag
     */
    record Written(InstanceId instance, Instant at, String version) {}

    /** Every record of a fleet's ledger, the newest first. */
    List<Written> records(FleetName fleet) {
        String prefix = Keys.folderOf(ObjectKeys.waiting(fleet));
        return Calls.said(
                "listing s3://" + bucket + "/" + prefix,
                () -> s3
                        .listObjectsV2Paginator(
                                request -> request.bucket(bucket).prefix(prefix))
                        .contents()
                        .stream()
                        .flatMap(object -> record(object, prefix))
                        .sorted(Comparator.comparing(Written::at).reversed())
                        .toList());
    }

    private static Stream<Written> record(S3Object object, String prefix) {
        String name = object.key().substring(prefix.length());
        String id = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        return InstanceId.isOne(id)
                ? Stream.of(new Written(new InstanceId(id), object.lastModified(), object.eTag()))
                : Stream.empty();
    }

    /** How many abandonments of a fleet were recorded since then; their keys begin with their time. */
    int abandonedSince(FleetName fleet, Instant since) {
        String prefix = ObjectKeys.abandonments(fleet);
        return Calls.said("listing s3://" + bucket + "/" + prefix, () -> (int) s3
                .listObjectsV2Paginator(request ->
                        request.bucket(bucket).prefix(prefix).startAfter(ObjectKeys.abandonmentsSince(fleet, since)))
                .contents()
                .stream()
                .count());
    }
}
