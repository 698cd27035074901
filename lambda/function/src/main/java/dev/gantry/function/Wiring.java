package dev.gantry.function;

import dev.gantry.aws.AutoScalingGroups;
import dev.gantry.aws.AwsClients;
import dev.gantry.aws.ObjectThreads;
import dev.gantry.aws.S3Failures;
import dev.gantry.aws.S3Fleets;
import dev.gantry.aws.S3Ledger;
import dev.gantry.aws.S3PageMarks;
import dev.gantry.aws.SqsBastion;
import dev.gantry.aws.SqsDeadLetters;
import dev.gantry.aws.SqsPages;
import dev.gantry.aws.SqsRedrive;
import dev.gantry.aws.SqsVisibility;
import dev.gantry.aws.SsmAgents;
import dev.gantry.aws.SsmCommands;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.reconcile.Interventions;
import dev.gantry.launch.reconcile.Operator;
import dev.gantry.launch.reconcile.Ports;
import dev.gantry.launch.reconcile.Reconciler;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

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
        Clock clock = Clock.systemUTC();
        AwsClients clients = AwsClients.fromEnvironment();
        PageMarks marks = new S3PageMarks(clients.s3(), config.bucket())::isFirst;
        Journal journal = new JsonJournal(System.out, clock, pager(clients, config), marks, config.environment());
        Groups groups = new AutoScalingGroups(clients.autoScaling());
        Fleets fleets = new S3Fleets(clients.s3(), config.bucket(), clock);
        ObjectThreads threads = new ObjectThreads();
        Ports ports = new Ports(
                groups,
                new SsmAgents(clients.ssm()),
                new SsmCommands(clients.ssm(), clients.sender(), config.region(), config.bucket()),
                bastion(clients, config, threads),
                new S3Ledger(clients.s3(), config.bucket(), threads),
                fleets,
                new S3Failures(clients.s3(), config.bucket()),
                journal,
                new RandomIds(),
                clock,
                config.timeout().plus(GRACE));
        return new Wiring(ports, messages(clients, config), marks);
    }

    private static Bastion bastion(AwsClients clients, FunctionConfig config, ObjectThreads threads) {
        return config.bastionUrl()
                .<Bastion>map(url ->
                        new SqsBastion(clients.sqs(), url, clients.s3(), config.bucket(), config.region(), threads))
                .orElseGet(() -> Bastion.none("the environment variable " + FunctionConfig.BASTION
                        + " is not set: deploy terraform's bastion_fallback, or set fallback.use to never"));
    }

    private static Pager pager(AwsClients clients, FunctionConfig config) {
        return config.pagerUrl()
                .<Pager>map(url -> new SqsPages(clients.sqs(), url)::send)
                .orElse(Pager.NONE);
    }

    private static Messages messages(AwsClients clients, FunctionConfig config) {
        SqsVisibility visibility = new SqsVisibility(clients.sqs());
        SqsDeadLetters deadLetters = new SqsDeadLetters(clients.sqs());
        SqsRedrive redrive = new SqsRedrive(clients.sqs());
        return new Messages() {
            @Override
            public void hide(String receiptHandle, Duration time) {
                visibility.change(config.queueUrl(), receiptHandle, time);
            }

            @Override
            public void bury(String body, String why) {
                deadLetters.send(config.deadLetterUrl(), body, why);
            }

            @Override
            public int redrive() {
                return redrive.begin(config.deadLetterUrl(), config.queueUrl());
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
        RevisitDelay revisit =
                new RevisitDelay(() -> ThreadLocalRandom.current().nextDouble());
        return new LaunchQueue(reconciler, messages, journal, revisit, limit);
    }
}
