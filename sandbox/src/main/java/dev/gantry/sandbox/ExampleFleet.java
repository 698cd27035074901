package dev.gantry.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.autoscaling.AutoScaling;
import dev.gantry.sandbox.events.EventPattern;
import dev.gantry.sandbox.events.RateSchedule;
import dev.gantry.sandbox.events.Rule;
import dev.gantry.sandbox.events.SchedulerApi;
import dev.gantry.sandbox.lambda.Function;
import dev.gantry.sandbox.lambda.FunctionSpec;
import dev.gantry.sandbox.lambda.Outcome;
import dev.gantry.sandbox.lambda.SqsEventSource;
import dev.gantry.sandbox.lambda.Throttled;
import dev.gantry.sandbox.sqs.Queue;
import dev.gantry.sandbox.ssm.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gantry as Terraform deploys it: the queue with its dead-letter queue, the bucket, three functions from one package, the
 * rules that lead events to the queue, the mapping, the schedule of the sweep; and a fleet in its care: a group without
 * instances yet, its hook, its settings, its first bundle. If its files are given, the bastion fallback is included; the
 * fleet then uses the hardened document.
 */
public final class ExampleFleet implements Cloud.Part {
    public static final String LAUNCH_FUNCTION = "gantry-launch-queue";
    public static final String SWEEP_FUNCTION = "gantry-sweep";
    public static final String OPERATOR_FUNCTION = "gantry-operator";
    public static final String QUEUE = "gantry-launches";
    public static final String DEAD_LETTERS = "gantry-launches-dlq";
    public static final String BUCKET = "gantry-sandbox";

    public static final String GROUP = "web";

    /** Long enough for a busy laptop; only the pauses are shorter than the defaults, because somebody watches the demo. */
    private static final String SETTINGS =
            """
            {
              "fleet": "web",
              "hook": "gantry",
              "mode": "enforce",
              "document": {"name": "AWS-ApplyAnsiblePlaybooks", "version": "1"},
              "launchDeadlineSeconds": 3600,
              "agentDeadlineSeconds": 600,
              "attempts": 2,
              "backoffSeconds": 5,
              "deliveryTimeoutSeconds": 60,
              "runTimeoutSeconds": 1200,
              "heartbeatSeconds": 300
            }
            """;

    private static final String HARDENED = "Gantry-ApplyAnsiblePlaybooks";
    private static final Duration LAUNCH_DEADLINE = Duration.ofHours(1);
    /** An agent registers within two seconds here, so one that has not registered by then is dead. */
    private static final int FALLBACK_AFTER_SECONDS = 15;

    private static final String SENDER = "events.amazonaws.com";
    private static final int MEMORY_MEGABYTES = 512;
    private static final SqsEventSource.Settings MAPPING = new SqsEventSource.Settings(50, Duration.ofSeconds(1), 2);

    private static final String LAUNCHES =
            """
            {"source": ["aws.autoscaling"],
             "detail-type": ["EC2 Instance-launch Lifecycle Action"],
             "detail": {"LifecycleHookName": ["gantry"]}}
            """;
    /** Each invocation has an event of its own; the command's would cost two calls more for each command. */
    private static final String COMMANDS =
            """
            {"source": ["aws.ssm"],
             "detail-type": ["EC2 Command Invocation Status-change Notification"],
             "detail": {"document-name": ["AWS-ApplyAnsiblePlaybooks", "Gantry-ApplyAnsiblePlaybooks"],
                        "status": ["Success", "Failed", "TimedOut", "Cancelled"]}}
            """;

    private static final String SPOT =
            """
            {"source": ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"]}
            """;

    private final Path zip;
    private final Region region;
    private final Optional<Path> bundle;
    private final Tempo tempo;
    private final Optional<BastionFiles> fallback;
    private Optional<BastionFallback> bastion = Optional.empty();

    /**
     * The times of a deployment that bound what a lost function costs.
     *
     * @param timeout of each function, whole seconds
     * @param visibility of the queue: after it, the message of a lost function is received again; at least the timeout
     * @param sweep how often the schedule sweeps; empty if sweeps are invoked by the caller
     * @param receives after this many receives a message goes to the dead-letter queue, 1 to 1,000
     */
    public record Tempo(Duration timeout, Duration visibility, Optional<Duration> sweep, int receives) {
        /** As Terraform deploys it. */
        public static final Tempo STANDARD =
                new Tempo(Duration.ofMinutes(1), Duration.ofMinutes(6), Optional.of(Duration.ofMinutes(1)), 1000);
    }

    /**
     * A fleet whose functions all run one package.
     *
     * @param zip what {@code mvn package} leaves in {@code lambda/function/target}
     * @param bundle what {@code gantry bundle} makes; without one the fleet waits for its first
     */
    public ExampleFleet(Path zip, Region region, Optional<Path> bundle) {
        this(zip, region, bundle, Tempo.STANDARD, Optional.empty());
    }

    /**
     * The same with other times.
     *
     * @param fallback for a fleet with the bastion fallback, which needs machines with a network of their own
     */
    public ExampleFleet(Path zip, Region region, Optional<Path> bundle, Tempo tempo, Optional<BastionFiles> fallback) {
        if (!Files.isRegularFile(zip)) {
            throw new IllegalArgumentException("There is no function package at " + zip
                    + ". Build it with: mvn package, or name another by --zip.");
        }
        this.zip = zip;
        this.region = region;
        this.bundle = bundle;
        this.tempo = tempo;
        this.fallback = fallback;
    }

    @Override
    public void build(Cloud cloud) throws IOException, Throttled {
        cloud.s3().createBucket(BUCKET);
        cloud.s3().putPolicy(BUCKET, bucketPolicy());
        cloud.s3().put(BUCKET, "fleets/" + GROUP + "/settings.json", settings().getBytes(StandardCharsets.UTF_8));
        Queue queue = queues(cloud);
        String userData = fallback.isPresent() ? deploy(cloud, fallback.get()) : "";
        Function launch = deploy(cloud, LAUNCH_FUNCTION, "LaunchQueueHandler");
        deploy(cloud, SWEEP_FUNCTION, "SweepHandler");
        deploy(cloud, OPERATOR_FUNCTION, "OperatorHandler");
        route(cloud, queue, "gantry-launch", LAUNCHES);
        route(cloud, queue, "gantry-commands", COMMANDS);
        route(cloud, queue, "gantry-spot", SPOT);
        SqsEventSource mapping = new SqsEventSource(queue, launch, MAPPING, cloud.region(), cloud.timers());
        cloud.onClose().accept(mapping);
        mapping.start();
        cloud.lambda().mapped(mapping);
        tempo.sweep().ifPresent(rate -> schedule(cloud, rate));
        if (bundle.isPresent()) {
            publish(cloud, Files.readAllBytes(bundle.get()));
        }
        createGroup(userData);
    }

    /** As Terraform renders it (terraform/modules/bundle_store); suite rendered compares both. */
    static String bucketPolicy() throws IOException {
        try (InputStream policy = ExampleFleet.class.getResourceAsStream("/bucket-policy.json")) {
            return new String(Objects.requireNonNull(policy).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String settings() {
        if (fallback.isEmpty()) {
            return SETTINGS;
        }
        ObjectNode settings = (ObjectNode) Json.parse(SETTINGS).orElseThrow();
        settings.putObject("document").put("name", HARDENED).put("version", "1");
        settings.putObject("fallback").put("use", "when-unreachable").put("afterSeconds", FALLBACK_AFTER_SECONDS);
        return settings.toString();
    }

    /** The fallback, and the document that it needs; the answer is the user data of the fleet's instances. */
    private String deploy(Cloud cloud, BastionFiles files) throws IOException, Throttled {
        String network = region.network()
                .orElseThrow(() -> new IllegalArgumentException(
                        "The bastion fallback needs real instances: there is no simulated SSH."));
        region.ssm()
                .call(
                        "CreateDocument",
                        Json.object()
                                .put("Name", HARDENED)
                                .put("DocumentType", "Command")
                                .put("DocumentFormat", "JSON")
                                .put("Content", Files.readString(files.document())));
        BastionFallback deployed = new BastionFallback(cloud, files, network);
        deployed.deploy(region, BUCKET, LAUNCH_DEADLINE);
        bastion = Optional.of(deployed);
        return deployed.instanceUserData(BUCKET, GROUP, LAUNCH_DEADLINE);
    }

    /** The fallback, once it is deployed. */
    public Optional<BastionFallback> bastion() {
        return bastion;
    }

    private static void schedule(Cloud cloud, Duration rate) {
        RateSchedule sweep = new RateSchedule(
                SWEEP_FUNCTION, cloud.region(), cloud.account(), rate, cloud.timers(), event -> cloud.lambda()
                        .invokeAsync(SWEEP_FUNCTION, event));
        cloud.onClose().accept(sweep);
        sweep.start();
        cloud.services().add("scheduler", new SchedulerApi(sweep, cloud.lambda().arn(SWEEP_FUNCTION)));
    }

    /** As gantry publish does it: the object first, then the proposal, which the function may refuse. */
    private static void publish(Cloud cloud, byte[] bytes) throws IOException, Throttled {
        String sha256 = Sha256.of(bytes);
        cloud.s3().put(BUCKET, "bundles/" + GROUP + "/" + sha256 + ".zip", bytes);
        String proposal = "{\"action\":\"propose\",\"fleet\":\"" + GROUP + "\",\"bundle\":\"" + sha256 + "\"}";
        Outcome outcome = cloud.lambda().find(OPERATOR_FUNCTION).orElseThrow().invoke(proposal);
        if (outcome.failed() || !outcome.payload().contains("\"accepted\"")) {
            throw new IOException("The first bundle was not accepted: " + outcome.payload());
        }
    }

    /** The hook comes with the group: a group that is created without it launches its first instances unseen. */
    private void createGroup(String userData) {
        AutoScaling autoScaling = region.autoScaling();
        autoScaling.call(
                "CreateLaunchConfiguration",
                Map.of(
                        "LaunchConfigurationName", "example",
                        "ImageId", "ami-0123456789abcdef0",
                        "InstanceType", "t3.small",
                        "UserData", userData));
        Map<String, String> group = new TreeMap<>(Map.of(
                "AutoScalingGroupName", GROUP,
                "LaunchConfigurationName", "example",
                "MinSize", "0",
                "MaxSize", "2000",
                "DesiredCapacity", "0",
                "VPCZoneIdentifier", "subnet-0123456789abcdef0"));
        String hook = "LifecycleHookSpecificationList.member.1.";
        group.put(hook + "LifecycleHookName", "gantry");
        group.put(hook + "LifecycleTransition", "autoscaling:EC2_INSTANCE_LAUNCHING");
        group.put(hook + "HeartbeatTimeout", "300");
        group.put(hook + "DefaultResult", "ABANDON");
        autoScaling.call("CreateAutoScalingGroup", group);
    }

    private Queue queues(Cloud cloud) {
        Queue deadLetters = cloud.sqs().create(DEAD_LETTERS, Map.of("MessageRetentionPeriod", "1209600"));
        String redrive =
                "{\"deadLetterTargetArn\":\"" + deadLetters.arn() + "\",\"maxReceiveCount\":" + tempo.receives() + "}";
        String visibility = Long.toString(tempo.visibility().toSeconds());
        return cloud.sqs().create(QUEUE, Map.of("VisibilityTimeout", visibility, "RedrivePolicy", redrive));
    }

    private Function deploy(Cloud cloud, String name, String handler) {
        return cloud.lambda()
                .deploy(new FunctionSpec(
                        name,
                        "dev.gantry.function." + handler + "::handleRequest",
                        zip,
                        tempo.timeout(),
                        MEMORY_MEGABYTES,
                        environment(cloud),
                        Optional.empty()));
    }

    private Map<String, String> environment(Cloud cloud) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "GANTRY_BUCKET",
                BUCKET,
                "GANTRY_QUEUE_URL",
                cloud.sqs().url(QUEUE),
                "GANTRY_DLQ_URL",
                cloud.sqs().url(DEAD_LETTERS),
                "GANTRY_ENVIRONMENT",
                "gantry-sandbox",
                "GANTRY_TIMEOUT_SECONDS",
                Long.toString(tempo.timeout().toSeconds())));
        fallback.ifPresent(
                files -> environment.put("GANTRY_BASTION_QUEUE_URL", cloud.sqs().url(BastionFallback.QUEUE)));
        return environment;
    }

    private static void route(Cloud cloud, Queue queue, String rule, String pattern) {
        cloud.events()
                .put(new Rule(
                        rule,
                        EventPattern.parse(pattern),
                        List.of(queue.arn()),
                        event -> queue.send(event, Map.of(), SENDER, Optional.empty())));
    }
}
