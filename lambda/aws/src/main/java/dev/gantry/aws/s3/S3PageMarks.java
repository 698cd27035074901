package dev.gantry.aws.s3;

import dev.gantry.stored.Json;
import dev.gantry.stored.ObjectKeys;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Marks in S3, {@code pages/<window>/<sha256 of the key>.json}: the function that writes a mark first sends the page. The
 * bucket's lifecycle rules delete marks after a day.
 */
public final class S3PageMarks {
    private final S3Objects objects;

    public S3PageMarks(S3Client s3, String bucket) {
        this.objects = new S3Objects(s3, bucket);
    }

    /**
     * Writes the mark unless it is there; one conditional write (If-None-Match).
     *
     * @throws dev.gantry.launch.error.GantryException if the call to S3 fails
     */
    public boolean isFirst(String key, Instant window) {
        // The writer's own word, so that a retry of the SDK's knows its own write again.
        byte[] mark =
                Json.bytes(Json.object().put("by", UUID.randomUUID().toString()).put("window", window.toString()));
        return objects.write(ObjectKeys.pageMark(key, window), mark, Optional.empty())
                .isPresent();
    }
}
