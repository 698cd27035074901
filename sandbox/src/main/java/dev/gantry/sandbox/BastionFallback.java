package dev.gantry.sandbox;

import dev.gantry.sandbox.lambda.Function;
import dev.gantry.sandbox.lambda.FunctionSpec;
import dev.gantry.sandbox.lambda.Outcome;
import dev.gantry.sandbox.lambda.SqsEventSource;
import dev.gantry.sandbox.lambda.Throttled;
import dev.gantry.sandbox.sqs.Queue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * The bastion fallback as Terraform's module {@code bastion_fallback} deploys it: a queue with its dead-letter queue, the
 * function with its mapping and its first key pair, the instances' program in S3, and the bastion, a group of one that is
 * built from its user data and S3. The function's processes run on the host, whose bridge all instances are on.
 */
public final class BastionFallback {
    public static final String FUNCTION = "gantry-bastion";
    public static final String QUEUE = "gantry-bastion";
    public static final String DEAD_LETTERS = "gantry-bastion-dlq";
    public static final String GROUP = "gantry-bastion";

    private static final int MEMORY_MEGABYTES = 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final SqsEventSource.Settings MAPPING = new SqsEventSource.Settings(10, Duration.ZERO, 2);
    /** No KMS is called: S3 keeps the name of the key with the object, and answers with it. */
    private static final String KEY = "arn:aws:kms:%s:%s:key/0b0e9f5c-3f5a-4c5e-9d58-000000000000";

    private final Cloud cloud;
    private final BastionFiles files;
    private final String network;

    /**
     * @param network of the instances, in CIDR notation
     */
    BastionFallback(Cloud cloud, BastionFiles files, String network) {
        this.cloud = cloud;
        this.files = files;
        this.network = network;
    }

    /**
     * Deploys it, in the order of the dependencies.
     *
     * @param bucket is there already
     * @param overlap for the first rotation: the fleet's launch deadline
     */
    void deploy(Region region, String bucket, Duration overlap) throws IOException, Throttled {
        Queue deadLetters = cloud.sqs().create(DEAD_LETTERS, Map.of("MessageRetentionPeriod", "1209600"));
        Queue queue = cloud.sqs()
                .create(
                        QUEUE,
                        Map.of(
                                "VisibilityTimeout",
                                Long.toString(TIMEOUT.multipliedBy(6).toSeconds()),
                                "MessageRetentionPeriod",
                                "86400",
                                "RedrivePolicy",
                                "{\"deadLetterTargetArn\":\"" + deadLetters.arn() + "\",\"maxReceiveCount\":3}"));
        Function function = deployFunction(bucket);
        SqsEventSource mapping = new SqsEventSource(queue, function, MAPPING, cloud.region(), cloud.timers());
        cloud.onClose().accept(mapping);
        mapping.start();
        byte[] program = Files.readAllBytes(files.program());
        cloud.s3().put(bucket, "bastion/program/" + Sha256.of(program) + ".zip", program);
        firstPair(function, overlap);
        createGroup(region, bucket);
    }

    private Function deployFunction(String bucket) {
        return cloud.lambda()
                .deploy(new FunctionSpec(
                        FUNCTION,
                        "dev.gantry.bastion.BastionHandler::handleRequest",
                        files.zip(),
                        TIMEOUT,
                        MEMORY_MEGABYTES,
                        Map.of(
                                "GANTRY_ACCOUNT",
                                cloud.account(),
                                "GANTRY_BASTION_KMS_KEY",
                                KEY.formatted(cloud.region(), cloud.account()),
                                "GANTRY_BASTION_SUBNETS",
                                network,
                                "GANTRY_BUCKET",
                                bucket),
                        Optional.empty()));
    }

    private static void firstPair(Function function, Duration overlap) throws IOException, Throttled {
        Outcome outcome = function.invoke("{\"action\":\"rotate\",\"overlapSeconds\":" + overlap.toSeconds() + "}");
        if (outcome.failed()) {
            throw new IOException("The bastion function did not make its first key pair: " + outcome.payload());
        }
    }

    private void createGroup(Region region, String bucket) throws IOException {
        region.autoScaling()
                .call(
                        "CreateLaunchConfiguration",
                        Map.of(
                                "LaunchConfigurationName",
                                GROUP,
                                "ImageId",
                                "ami-0123456789abcdef0",
                                "InstanceType",
                                "t3.nano",
                                "UserData",
                                encoded(bastionUserData(bucket))));
        region.autoScaling()
                .call(
                        "CreateAutoScalingGroup",
                        Map.of(
                                "AutoScalingGroupName", GROUP,
                                "LaunchConfigurationName", GROUP,
                                "MinSize", "1",
                                "MaxSize", "1",
                                "VPCZoneIdentifier", "subnet-0123456789abcdef0"));
    }

    /** What {@code modules/bastion_fallback} (bastion.tf) puts there. */
    private String bastionUserData(String bucket) throws IOException {
        return new UserData()
                .file(
                        "/usr/local/lib/gantry/gantry-bastion.py",
                        "0755",
                        files.of("bastion_fallback", "gantry-bastion.py"))
                .file(
                        "/etc/systemd/system/gantry-bastion.service",
                        "0644",
                        files.of("bastion_fallback", "gantry-bastion.service"))
                .file(
                        "/etc/systemd/system/gantry-bastion.timer",
                        "0644",
                        files.of("bastion_fallback", "gantry-bastion.timer"))
                .file("/etc/gantry/bastion.env", "0644", where(bucket) + "GANTRY_SUBNETS=" + network + "\n")
                .run("systemctl daemon-reload")
                .run("systemctl enable --now --no-block gantry-bastion.timer")
                .text();
    }

    /**
     * What {@code modules/fleet} (instances.tf) puts into the user data of a fleet's instances, base64-encoded.
     *
     * @param fleet the group's name as it is written in keys
     */
    public String instanceUserData(String bucket, String fleet, Duration launchDeadline) throws IOException {
        String environment = where(bucket)
                + "GANTRY_FALLBACK_PROGRAM=" + Sha256.of(Files.readAllBytes(files.program())) + "\n"
                + "GANTRY_FLEET=" + fleet + "\n"
                + "GANTRY_LAUNCH_DEADLINE=" + launchDeadline.toSeconds() + "\n";
        return encoded(new UserData()
                .file("/usr/local/lib/gantry/gantry-fallback.py", "0755", files.of("fleet", "gantry-fallback.py"))
                .file(
                        "/etc/systemd/system/gantry-fallback.service",
                        "0644",
                        files.of("fleet", "gantry-fallback.service"))
                .file("/etc/gantry/fallback.env", "0644", environment)
                .run("systemctl daemon-reload")
                .run("systemctl enable --now --no-block gantry-fallback.service")
                .text());
    }

    private String where(String bucket) {
        return "AWS_DEFAULT_REGION=" + cloud.region() + "\nAWS_REGION=" + cloud.region() + "\nGANTRY_BUCKET=" + bucket
                + "\n";
    }

    private static String encoded(String userData) {
        return Base64.getEncoder().encodeToString(userData.getBytes(StandardCharsets.UTF_8));
    }
}
