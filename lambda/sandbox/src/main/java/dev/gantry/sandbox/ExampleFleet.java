package dev.gantry.sandbox;

import dev.gantry.sandbox.events.EventPattern;
import dev.gantry.sandbox.events.RateSchedule;
import dev.gantry.sandbox.events.Rule;
import dev.gantry.sandbox.lambda.Function;
import dev.gantry.sandbox.lambda.FunctionSpec;
import dev.gantry.sandbox.lambda.SqsEventSource;
import dev.gantry.sandbox.sqs.Queue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Gantry as Terraform deploys it: the queue with its dead-letter queue, the bucket, three functions from one package, the
 * rules that lead events to the queue, the mapping, and the schedule of the sweep.
 */
public final class ExampleFleet implements Cloud.Part {
    public static final String LAUNCH_FUNCTION = "gantry-launch-queue";
    public static final String SWEEP_FUNCTION = "gantry-sweep";
    public static final String OPERATOR_FUNCTION = "gantry-operator";
    public static final String QUEUE = "gantry-launches";
    public static final String DEAD_LETTERS = "gantry-launches-dlq";
    public static final String BUCKET = "gantry-sandbox";

    private static final String SENDER = "events.amazonaws.com";
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final int MEMORY_MEGABYTES = 512;
    private static final SqsEventSource.Settings MAPPING = new SqsEventSource.Settings(50, Duration.ofSeconds(1), 2);

    private static final String LAUNCHES =
            """
            {"source": ["aws.autoscaling"],
             "detail-type": ["EC2 Instance-launch Lifecycle Action"],
             "detail": {"LifecycleHookName": ["gantry"]}}
            """;
    private static final String COMMANDS =
            """
            {"source": ["aws.ssm"],
             "detail-type": ["EC2 Command Invocation Status-change Notification",
                             "EC2 Command Status-change Notification"],
             "detail": {"document-name": ["AWS-ApplyAnsiblePlaybooks", "Gantry-ApplyAnsiblePlaybooks"],
                        "status": ["Success", "Failed", "TimedOut", "Cancelled"]}}
            """;

    private final Path zip;

    /**
     * A fleet whose functions run one package.
     *
     * @param zip what {@code mvn package} leaves in {@code lambda/function/target}
     */
    public ExampleFleet(Path zip) {
        if (!Files.isRegularFile(zip)) {
            throw new IllegalArgumentException("There is no function package at " + zip
                    + ". Build it with: mvn package, or name another by --zip.");
        }
        this.zip = zip;
    }

    @Override
    public void build(Cloud cloud) {
        cloud.s3().createBucket(BUCKET);
        Queue queue = queues(cloud);
        Function launch = deploy(cloud, LAUNCH_FUNCTION, "LaunchQueueHandler");
        deploy(cloud, SWEEP_FUNCTION, "SweepHandler");
        deploy(cloud, OPERATOR_FUNCTION, "OperatorHandler");
        route(cloud, queue, "gantry-launch", LAUNCHES);
        route(cloud, queue, "gantry-commands", COMMANDS);
        SqsEventSource mapping = new SqsEventSource(queue, launch, MAPPING, cloud.region(), cloud.timers());
        cloud.onClose().accept(mapping);
        mapping.start();
        RateSchedule sweep = new RateSchedule(
                SWEEP_FUNCTION,
                cloud.region(),
                cloud.account(),
                Duration.ofMinutes(1),
                cloud.timers(),
                event -> cloud.lambda().invokeAsync(SWEEP_FUNCTION, event));
        cloud.onClose().accept(sweep);
        sweep.start();
    }

    private static Queue queues(Cloud cloud) {
        Queue deadLetters = cloud.sqs().create(DEAD_LETTERS, Map.of("MessageRetentionPeriod", "1209600"));
        String redrive = "{\"deadLetterTargetArn\":\"" + deadLetters.arn() + "\",\"maxReceiveCount\":1000}";
        return cloud.sqs().create(QUEUE, Map.of("VisibilityTimeout", "360", "RedrivePolicy", redrive));
    }

    private Function deploy(Cloud cloud, String name, String handler) {
        return cloud.lambda()
                .deploy(new FunctionSpec(
                        name,
                        "dev.gantry.function." + handler + "::handleRequest",
                        zip,
                        TIMEOUT,
                        MEMORY_MEGABYTES,
                        Map.of(
                                "GANTRY_BUCKET",
                                BUCKET,
                                "GANTRY_QUEUE_URL",
                                cloud.sqs().url(QUEUE)),
                        Optional.empty()));
    }

    private static void route(Cloud cloud, Queue queue, String rule, String pattern) {
        cloud.events()
                .put(new Rule(
                        rule,
                        EventPattern.parse(pattern),
                        event -> queue.send(event, Map.of(), SENDER, Optional.empty())));
    }
}
