package dev.gantry.function;

import dev.gantry.aws.AwsClients;
import dev.gantry.aws.autoscaling.AutoScalingGroups;
import dev.gantry.aws.s3.ObjectThreads;
import dev.gantry.aws.s3.S3Failures;
import dev.gantry.aws.s3.S3Fleets;
import dev.gantry.aws.s3.S3Ledger;
import dev.gantry.aws.s3.S3PageMarks;
import dev.gantry.aws.sqs.SqsBastion;
import dev.gantry.aws.sqs.SqsDeadLetters;
import dev.gantry.aws.sqs.SqsPages;
import dev.gantry.aws.sqs.SqsRedrive;
import dev.gantry.aws.sqs.SqsVisibility;
import dev.gantry.aws.ssm.SsmAgents;
import dev.gantry.aws.ssm.SsmCommands;
import dev.gantry.function.rehearsal.Rehearsal;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Ahead;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.IdSource;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.reconcile.Interventions;
import dev.gantry.launch.reconcile.Operator;
import dev.gantry.launch.reconcile.Ports;
import dev.gantry.launch.reconcile.Reconciler;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Puts the parts together, once for each environment that Lambda starts. */
final class Wiring {
    /** Maximum time that a worker may go on after its function's timeout, including the clock skew of two machines. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private final Reconciler reconciler;
    private final Operator operator;
    private final Interventions interventions;
    private final Journal journal;
    private final Messages messages;
    private final PageLimit limit;
    private final Groups groups;

    Wiring(Ports ports, Messages messages) {
        this(ports, messages, PageMarks.NONE);
    }

    Wiring(Ports ports, Messages messages, PageMarks marks) {
        this.reconciler = new Reconciler(ports);
        this.interventions = new Interventions(ports);
        this.operator = new Operator(ports.fleets(), ports.groups(), ports.journal(), ports.clock());
        this.journal = ports.journal();
        this.messages = messages;
        this.groups = ports.groups();
        this.limit = new PageLimit(marks, ports.journal(), ports.clock());
    }

    /** Everything over AWS, configured by the function's environment variables. */
    static Wiring fromEnvironment() {
        FunctionConfig config = FunctionConfig.of(System.getenv());
        AwsClients clients = AwsClients.fromEnvironment();
        clients.buildSideBySide();
        BeforeSnapshot.run(() -> rehearse(config));
        return over(clients, config, System.out, new RandomIds());
    }

    private static void rehearse(FunctionConfig config) {
        rehearse(config, new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }

    /** Plays launches through, over clients of their own; nothing of it is used again. */
    static void rehearse(FunctionConfig config, PrintStream out) {
        Rehearsal.run(config.bucket(), aws -> {
            LaunchQueue queue = rehearsing(config, aws, out).launchQueue();
            return bodies -> queue.handle(bodies.stream()
                    .map(body -> new LaunchQueue.Message("rehearsed", "rehearsed", body, "", 1))
                    .toList());
        });
    }

    static Wiring rehearsing(FunctionConfig config, URI aws, PrintStream out) {
        return over(AwsClients.rehearsing(aws, config.region()), config, out, new SameIds());
    }

    static Wiring over(AwsClients clients, FunctionConfig config, PrintStream out, IdSource ids) {
        Clock clock = Clock.systemUTC();
        PageMarks marks = new S3PageMarks(clients.s3(), config.bucket())::isFirst;
        Journal journal = new JsonJournal(out, clock, pager(clients, config), marks, config.environment());
        Groups groups = new AutoScalingGroups(clients.autoScaling());
        Ahead ahead = new AheadThreads();
        Fleets fleets = new S3Fleets(clients.s3(), config.bucket(), clock, ahead);
        ObjectThreads threads = new ObjectThreads();
        Ports ports = new Ports(
                groups,
                new SsmAgents(clients.ssm()),
                new SsmCommands(clients.ssm(), clients.sender(), config.region(), config.bucket()),
                bastion(clients, config, threads),
                new Ports.Stored(
                        new S3Ledger(clients.s3(), config.bucket(), threads),
                        fleets,
                        new S3Failures(clients.s3(), config.bucket())),
                journal,
                new Ports.Worker(ids, clock, config.timeout().plus(GRACE)),
                ahead);
        return new Wiring(ports, messages(clients, config), marks);
    }

    /** Queues are not on a launch's usual way, so that their client is built only where one is used. */
    private static Bastion bastion(AwsClients clients, FunctionConfig config, ObjectThreads threads) {
        return config.bastionUrl()
                .<Bastion>map(url ->
                        new SqsBastion(clients.sqs(), url, clients.s3(), config.bucket(), config.region(), threads))
                .orElseGet(() -> Bastion.none("the environment variable " + FunctionConfig.BASTION
                        + " is not set: deploy terraform's bastion_fallback, or set fallback.use to never"));
    }

    private static Pager pager(AwsClients clients, FunctionConfig config) {
        return config.pagerUrl()
                .<Pager>map(url -> page -> new SqsPages(clients.sqs(), url).send(page))
                .orElse(Pager.NONE);
    }

    private static Messages messages(AwsClients clients, FunctionConfig config) {
        return new Messages() {
            @Override
            public void hide(String receiptHandle, Duration time) {
                new SqsVisibility(clients.sqs()).change(config.queueUrl(), receiptHandle, time);
            }

            @Override
            public void bury(String body, String why) {
                new SqsDeadLetters(clients.sqs()).send(config.deadLetterUrl(), body, why);
            }

            @Override
            public int redrive() {
                return new SqsRedrive(clients.sqs()).begin(config.deadLetterUrl(), config.queueUrl());
            }
        };
    }

    /** The instance's present group; not cached. */
    Optional<FleetName> groupOf(InstanceId instance) {
        return Optional.ofNullable(groups.describe(List.of(instance)).get(instance))
                .map(Groups.Member::group);
    }

    Reconciler reconciler() {
        return reconciler;
    }

    Operator operator() {
        return operator;
    }

    Interventions interventions() {
        return interventions;
    }

    Messages messages() {
        return messages;
    }

    Journal journal() {
        return journal;
    }

    LaunchQueue launchQueue() {
        SecureRandom random = new SecureRandom();
        RevisitDelay revisit = new RevisitDelay(() -> random.nextDouble());
        return new LaunchQueue(reconciler, messages, journal, revisit, limit);
    }
}
