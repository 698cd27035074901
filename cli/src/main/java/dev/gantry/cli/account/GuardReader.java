package dev.gantry.cli.account;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.port.Result;
import dev.gantry.operator.Guarded;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

/** Reads bucket, key, roles and quotas. */
final class GuardReader {
    /** What every look of a function needs, and what knows no resources. */
    private static final List<String> LOOKS = List.of(
            "autoscaling:DescribeAutoScalingInstances",
            "autoscaling:DescribeAutoScalingGroups",
            "ssm:DescribeInstanceInformation",
            "ssm:ListCommandInvocations");

    /** Enough for the functions and one burst of them. */
    private static final long CONCURRENCY = 10;

    private final Account account;
    private final Collection<FleetName> fleets;

    GuardReader(Account account, Collection<FleetName> fleets) {
        this.account = account;
        this.fleets = fleets;
    }

    Guarded read(Map<String, String> roles) {
        Map<String, Result<List<Guarded.Denial>>> simulated = new TreeMap<>();
        roles.forEach((name, arn) -> simulated.put(name, Calls.tried(() -> denials(arn))));
        return new Guarded(
                account.place(),
                Calls.tried(this::bucket),
                Calls.tried(this::key),
                simulated,
                List.of(Calls.tried(this::concurrency)));
    }

    private Optional<Guarded.Bucket> bucket() {
        String bucket = account.place().bucket();
        return Calls.said("GetBucketVersioning of bucket " + bucket, () -> {
            try {
                var versioning = account.clients().s3().getBucketVersioning(request -> request.bucket(bucket));
                return Optional.of(new Guarded.Bucket(
                        policy(bucket).filter(GuardReader::protectsBundles).isPresent(),
                        versioning.status() == BucketVersioningStatus.ENABLED));
            } catch (S3Exception e) {
                return absent(e, "NoSuchBucket");
            }
        });
    }

    private Optional<String> policy(String bucket) {
        return Calls.said("GetBucketPolicy of bucket " + bucket, () -> {
            try {
                return Optional.of(account.clients()
                        .s3()
                        .getBucketPolicy(request -> request.bucket(bucket))
                        .policy());
            } catch (S3Exception e) {
                return absent(e, "NoSuchBucketPolicy");
            }
        });
    }

    private static boolean protectsBundles(String policy) {
        return Grants.statements(policy).stream()
                .filter(statement -> statement.path("Effect").asText().equals("Deny"))
                .anyMatch(statement -> Grants.list(statement.path("Resource")).stream()
                        .anyMatch(resource -> resource.contains("/bundles/")));
    }

    private Optional<Guarded.BucketKey> key() {
        String bucket = account.place().bucket();
        Optional<String> id = Calls.said("GetBucketEncryption of bucket " + bucket, () -> {
            try {
                return account
                        .clients()
                        .s3()
                        .getBucketEncryption(request -> request.bucket(bucket))
                        .serverSideEncryptionConfiguration()
                        .rules()
                        .stream()
                        .map(ServerSideEncryptionRule::applyServerSideEncryptionByDefault)
                        .filter(rule -> rule != null && rule.kmsMasterKeyID() != null)
                        .map(rule -> rule.kmsMasterKeyID())
                        .findFirst();
            } catch (S3Exception e) {
                return absent(e, "ServerSideEncryptionConfigurationNotFoundError");
            }
        });
        return id.map(key -> Calls.said(
                "DescribeKey " + key,
                () -> new Guarded.BucketKey(
                        key,
                        account.clients()
                                .kms()
                                .describeKey(request -> request.keyId(key))
                                .keyMetadata()
                                .keyStateAsString())));
    }

    private static <T> Optional<T> absent(S3Exception error, String code) {
        if (error.awsErrorDetails() != null
                && code.equals(error.awsErrorDetails().errorCode())) {
            return Optional.empty();
        }
        throw error;
    }

    private List<Guarded.Denial> denials(String roleArn) {
        String[] parts = roleArn.split(":", -1);
        String partition = parts[1];
        String accountId = parts[4];
        String bucket = "arn:" + partition + ":s3:::" + account.place().bucket();
        List<Guarded.Denial> denials = new ArrayList<>(simulated(roleArn, LOOKS, List.of("*")));
        for (FleetName fleet : fleets) {
            denials.addAll(simulated(
                    roleArn,
                    List.of("s3:GetObject"),
                    List.of(bucket + "/fleets/" + fleet.encoded() + "/settings.json")));
            denials.addAll(simulated(
                    roleArn,
                    List.of("s3:GetObject", "s3:PutObject"),
                    List.of(bucket + "/launches/" + fleet.encoded() + "/i-0123456789abcdef0.json")));
            denials.addAll(simulated(
                    roleArn,
                    List.of("autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"),
                    List.of("arn:" + partition + ":autoscaling:"
                            + account.clients().region() + ":" + accountId + ":autoScalingGroup:*:autoScalingGroupName/"
                            + fleet)));
        }
        return denials;
    }

    private List<Guarded.Denial> simulated(String roleArn, List<String> actions, List<String> resources) {
        return Calls.said(
                "SimulatePrincipalPolicy of " + roleArn,
                () -> account.clients().iam().simulate(roleArn, actions, resources).stream()
                        .filter(result -> !result.decision().equals("allowed"))
                        .map(result -> new Guarded.Denial(
                                result.action(),
                                result.resource(),
                                result.decision().equals("explicitDeny")))
                        .toList());
    }

    /** What is left for functions without a reservation of their own, as Gantry's are. */
    private Guarded.Quota concurrency() {
        return Calls.said("GetAccountSettings of Lambda", () -> {
            var limit = account.clients().lambda().getAccountSettings().accountLimit();
            long all = limit.concurrentExecutions();
            return new Guarded.Quota(
                    "concurrent executions of Lambda",
                    all - limit.unreservedConcurrentExecutions(),
                    all,
                    CONCURRENCY,
                    "take another function's reservation back, or raise the quota \"Concurrent executions\" of Lambda");
        });
    }
}
