package dev.gantry.cli.account;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.stored.ObjectKeys;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Which records of a fleet's ledger were written lately: ListObjectsV2 has the times, 1,000 objects a page. */
final class LedgerListing {
    private static final String SUFFIX = ".json";

    private final S3Client s3;
    private final String bucket;

    LedgerListing(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /** The instances, the newest record first. */
    List<InstanceId> writtenSince(FleetName fleet, Instant since) {
        String prefix = Keys.folderOf(ObjectKeys.waiting(fleet));
        return Calls.said(
                "listing s3://" + bucket + "/" + prefix,
                () -> s3
                        .listObjectsV2Paginator(
                                request -> request.bucket(bucket).prefix(prefix))
                        .contents()
                        .stream()
                        .filter(object -> object.lastModified().isAfter(since))
                        .sorted(Comparator.comparing(S3Object::lastModified).reversed())
                        .map(object -> name(object.key(), prefix))
                        .filter(InstanceId::isOne)
                        .map(InstanceId::new)
                        .toList());
    }

    private static String name(String key, String prefix) {
        String name = key.substring(prefix.length());
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }
}
