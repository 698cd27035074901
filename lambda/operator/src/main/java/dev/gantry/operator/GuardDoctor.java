package dev.gantry.operator;

import dev.gantry.operator.Guarded.Bucket;
import dev.gantry.operator.Guarded.BucketKey;
import dev.gantry.operator.Guarded.Denial;
import dev.gantry.operator.Guarded.Quota;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks bucket, key, roles and quotas. Pure. */
public final class GuardDoctor {
    private final Guarded guarded;
    private final List<Finding> findings = new ArrayList<>();

    private GuardDoctor(Guarded guarded) {
        this.guarded = guarded;
    }

    /** The findings about what guards a deployment. */
    public static List<Finding> check(Guarded guarded) {
        GuardDoctor doctor = new GuardDoctor(guarded);
        String bucket = "bucket " + guarded.place().bucket();
        Doctor.read(doctor.findings, bucket, guarded.bucket(), found -> doctor.bucket(bucket, found));
        Doctor.read(doctor.findings, bucket, guarded.key(), found -> found.ifPresent(doctor::key));
        guarded.roles()
                .forEach((name, denials) ->
                        Doctor.read(doctor.findings, "role " + name, denials, found -> doctor.role(name, found)));
        guarded.quotas()
                .forEach(quota ->
                        Doctor.read(doctor.findings, "quotas", quota, found -> doctor.findings.add(finding(found))));
        return List.copyOf(doctor.findings);
    }

    private void bucket(String where, Optional<Bucket> found) {
        if (found.isEmpty()) {
            wrong(where, "there is none of this name", "terraform apply, or say --bucket");
        } else if (!found.get().protectsBundles()) {
            wrong(
                    where,
                    "its policy denies nothing about bundles/: a published bundle can be overwritten or deleted",
                    "terraform apply (module bundle_store)");
        } else {
            well(
                    where,
                    "its policy protects bundles/, and it keeps "
                            + (found.get().isVersioned()
                                    ? "versions"
                                    : "no versions: what is written over cannot be read again"));
        }
    }

    private void key(BucketKey key) {
        String where = "key " + key.id();
        if (key.state().equals("Enabled")) {
            well(where, "enabled");
        } else {
            wrong(
                    where,
                    "it is " + key.state() + ": nothing in bucket "
                            + guarded.place().bucket() + " can be read or written",
                    key.state().equals("PendingDeletion")
                            ? "aws kms cancel-key-deletion --key-id " + key.id() + ", then enable-key"
                            : "aws kms enable-key --key-id " + key.id());
        }
    }

    /** Evidence and no verdict: the simulation does not see the bucket's and the key's policies. */
    private void role(String name, List<Denial> denials) {
        String where = "role " + name;
        if (denials.isEmpty()) {
            well(where, "its own policies allow what was asked of IAM's simulation");
            return;
        }
        String words = denials.stream()
                .map(denial -> denial.action() + " on " + denial.resource()
                        + (denial.isExplicit() ? " (an explicit Deny)" : ""))
                .collect(Collectors.joining(", "));
        wrong(
                where,
                "by IAM's simulation its own policies and boundary do not allow " + words,
                "terraform apply; who changed it: aws cloudtrail lookup-events --lookup-attributes"
                        + " AttributeKey=ResourceName,AttributeValue=" + name);
    }

    static Finding finding(Quota quota) {
        String counted = quota.used() + " of " + quota.limit() + " are used";
        return quota.limit() - quota.used() < quota.need()
                ? Finding.wrong(quota.what(), counted + ", and " + quota.need() + " more may be needed", quota.mend())
                : Finding.well(quota.what(), counted);
    }

    private void wrong(String where, String what, String mend) {
        findings.add(Finding.wrong(where, what, mend));
    }

    private void well(String where, String what) {
        findings.add(Finding.well(where, what));
    }
}
