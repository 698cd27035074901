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
 * Reads what machines wrote about themselves: {@code hostkeys/<ARN>} for instances, {@code bastion/jump/<ARN>} for bastions.
 *
 * <p>A machine's role may write to the key that ends with its own ARN and to no other ({@code ${ec2:SourceInstanceARN}}), so
 * the key identifies the machine that wrote it. Not run on AWS.
 */
public final class Hosts {
    static final String INSTANCES = ObjectKeys.HOST_KEYS;
    static final String BASTIONS = ObjectKeys.JUMP_HOSTS;

    /** The current bastion, and one to fall back to. */
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
     * What the instance wrote about itself.
     *
     * @throws GantryException.Retryable if it has not written yet
     * @throws GantryException.Misconfigured if what it wrote cannot be used
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
     * The bastions, newest object first. A bastion whose object cannot be used is left out if another one can be used.
     *
     * @throws GantryException if there is none
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

    /** Empty if the object expired since it was listed. */
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
            // A machine can write anything into its object; an error that this causes concerns this machine only.
            throw new GantryException.Misconfigured(bucket.uri(key) + " cannot be used: " + e, e);
        }
    }

    private static GantryException retryable(String message) {
        return new GantryException.Retryable(message, null);
    }
}
