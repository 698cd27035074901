package dev.gantry.operator;

import dev.gantry.launch.port.Result;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What guards a deployment: the bucket's policy, its key, the functions' roles, and the account's quotas.
 *
 * @param bucket empty where there is no such bucket
 * @param key of the bucket; empty where it is encrypted with S3's own
 * @param roles the functions' roles by name, with what IAM's simulation says that their own policies deny
 * @param quotas those of the account that were read
 */
public record Guarded(
        Place place,
        Result<Optional<Bucket>> bucket,
        Result<Optional<BucketKey>> key,
        Map<String, Result<List<Denial>>> roles,
        List<Result<Quota>> quotas) {

    /**
     * Gantry's bucket.
     *
     * @param protectsBundles whether its policy denies something about {@code bundles/}: overwriting, deleting
     */
    public record Bucket(boolean protectsBundles, boolean isVersioned) {}

    /**
     * A key of KMS.
     *
     * @param state as KMS says it: Enabled, Disabled, PendingDeletion
     */
    public record BucketKey(String id, String state) {}

    /** What a role may not do, and whether an explicit Deny says so. */
    public record Denial(String action, String resource, boolean isExplicit) {}

    /**
     * A quota of the account.
     *
     * @param need how many more Gantry may need at once
     */
    public record Quota(String what, long used, long limit, long need, String mend) {}
}
