package dev.gantry.sandbox.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.sandbox.wire.AwsError;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One bucket: keys in UTF-8 binary order, as ListObjectsV2 gives them, and conditional writes that are atomic: one
 * of many writers with the same condition wins.
 */
final class Bucket {
    private static final Comparator<String> BY_BYTES =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

    private final String name;
    private final Instant created;
    private final NavigableMap<String, StoredObject> objects = new TreeMap<>(BY_BYTES);
    private final Map<String, Long> deletions = new HashMap<>();
    private volatile Optional<BucketPolicy> policy = Optional.empty();
    private long sequence;

    Bucket(String name, Instant created) {
        this.name = name;
        this.created = created;
    }

    String name() {
        return name;
    }

    Instant created() {
        return created;
    }

    Optional<BucketPolicy> policy() {
        return policy;
    }

    void setPolicy(Optional<BucketPolicy> changed) {
        policy = changed;
    }

    synchronized Optional<StoredObject> find(String key) {
        return Optional.ofNullable(objects.get(key));
    }

    /** To be asked before an upload's body is read; {@link #put} tells by it what happened meanwhile. */
    synchronized long begin() {
        return sequence;
    }

    /** Puts an object if the conditions hold, and returns the object that it replaced. */
    synchronized Optional<StoredObject> put(StoredObject object, Conditions conditions, long begun) {
        boolean deletedMeanwhile = deletions.getOrDefault(object.key(), -1L) > begun;
        if (conditions.any() && deletedMeanwhile) {
            throw new AwsError(
                    409,
                    "ConditionalRequestConflict",
                    "A conflicting operation happened during this conditional request to " + object.key() + ".");
        }
        conditions.checkWrite(find(object.key()), object.key());
        sequence++;
        return Optional.ofNullable(objects.put(object.key(), object));
    }

    /** Puts another form of an object in its place, if it is still there. */
    synchronized void replace(StoredObject changed) {
        objects.replace(changed.key(), changed);
    }

    /** Deletes if the conditions hold; a missing key is not an error. */
    synchronized Optional<StoredObject> delete(String key, Conditions conditions) {
        if (conditions.any()) {
            conditions.checkWrite(find(key), key);
        }
        deletions.put(key, ++sequence);
        return Optional.ofNullable(objects.remove(key));
    }

    /** A copy of all objects after a key, for a page. */
    synchronized NavigableMap<String, StoredObject> after(String key) {
        return new TreeMap<>(key.isEmpty() ? objects : objects.tailMap(key, false));
    }

    synchronized boolean isEmpty() {
        return objects.isEmpty();
    }
}
