package dev.gantry.bastion.hosts;

import dev.gantry.bastion.store.Bucket;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.stored.ObjectKeys;
import dev.gantry.stored.StoredObject;
import dev.gantry.stored.Unreadable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what machines wrote of themselves: {@code hostkeys/<ARN>} for instances, {@code bastion/jump/<ARN>} for bastions.
 *
 * <p>A machine's role may write to the key that ends with its own ARN and to no other ({@code ${ec2:SourceInstanceARN}}), so
 * the key says whose word it is. Not run on AWS.
 */
public final class Hosts {
    static final String INSTANCES = ObjectKeys.HOST_KEYS;
    static final String BASTIONS = ObjectKeys.JUMP_HOSTS;

    /** The current one, and one to fall to. */
    private static final int MOST_BASTIONS = 2;

    private final Bucket bucket;
    private final Subnets subnets;
    private final InstanceArn arn;

    public Hosts(Bucket bucket, Subnets subnets, InstanceArn arn) {
        this.bucket = bucket;
        this.subnets = subnets;
        this.arn = arn;
    }

    /**
     * What the instance wrote of itself.
     *
     * @throws GantryException.Retryable where it has not written yet
     * @throws GantryException.Misconfigured where what it wrote cannot be used
     */
    public HostRecord instance(InstanceId instance) {
        String key = INSTANCES + arn.of(instance);
        StoredObject stored = bucket.read(key)
                .orElseThrow(
                        () -> retryable("instance " + instance + " has not written its host keys to " + bucket.uri(key)
                                + "; if it never does, it cannot reach S3, and then this channel cannot help it"));
        return record(stored, instance, key);
    }

    /**
     * The bastions, the one that wrote last first. One whose object cannot be used is left out where another can.
     *
     * @throws GantryException where there is none at all
     */
    public List<HostRecord> bastions() {
        List<HostRecord> usable = new ArrayList<>();
        Optional<GantryException> first = Optional.empty();
        for (String key : bucket.newest(BASTIONS, MOST_BASTIONS)) {
            try {
                bastion(key).ifPresent(usable::add);
            } catch (GantryException.Misconfigured e) {
                first = first.or(() -> Optional.of(e));
            }
        }
        if (usable.isEmpty()) {
            throw first.orElseGet(
                    () -> retryable("no bastion has written its host keys below " + bucket.uri(BASTIONS)));
        }
        return usable;
    }

    /** Empty where the object expired since it was listed. */
    private Optional<HostRecord> bastion(String key) {
        InstanceId owner = arn.instance(key.substring(BASTIONS.length()))
                .orElseThrow(() -> new GantryException.Misconfigured(
                        bucket.uri(key) + " is not named by the ARN of an instance of this account and Region"));
        return bucket.read(key).map(stored -> record(stored, owner, key));
    }

    private HostRecord record(StoredObject stored, InstanceId owner, String key) {
        try {
            return HostRecord.read(stored.bytes(), owner, subnets, bucket.uri(key));
        } catch (Unreadable e) {
            throw new GantryException.Misconfigured(bucket.uri(key) + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            // A machine writes what it likes into its object; whatever that triggers concerns this machine alone.
            throw new GantryException.Misconfigured(bucket.uri(key) + " cannot be used: " + e, e);
        }
    }

    private static GantryException retryable(String message) {
        return new GantryException.Retryable(message, null);
    }
}
