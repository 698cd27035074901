package dev.gantry.function.scale;

import dev.gantry.aws.autoscaling.AutoScalingGroups;
import dev.gantry.aws.scale.Burst;
import dev.gantry.aws.ssm.SsmAgents;
import dev.gantry.aws.ssm.SsmCommands;
import dev.gantry.function.LoadedFunction;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.Ahead;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.reconcile.Ports;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.twin.Calls;
import dev.gantry.launch.twin.CountingIds;
import dev.gantry.launch.twin.HandClock;
import dev.gantry.launch.twin.InMemoryFailures;
import dev.gantry.launch.twin.InMemoryFleets;
import dev.gantry.launch.twin.InMemoryLedger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Gantry as it is deployed: queue, mapping, sweep each minute, and as many environments as run at a time. */
final class GantryUnderLoad implements Machines.Events {
    private static final FleetName FLEET = new FleetName(VirtualAutoScaling.GROUP);
    private static final BundleId BUNDLE = new BundleId("ab".repeat(32));
    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration TAKEOVER = Duration.ofMinutes(2);
    private static final Duration HIDE = Duration.ofMillis(10);

    private final VirtualTime time;
    private final Api api;
    private final Machines machines;
    private final VirtualQueue queue;
    private final Mapping mapping;
    private final Random random;
    private final Calls calls = new Calls();
    private final HandClock clock = new HandClock(VirtualTime.START);
    private final InMemoryLedger ledger = new InMemoryLedger(calls);
    private final InMemoryFleets fleets = new InMemoryFleets(calls, clock);
    private final InMemoryFailures failures = new InMemoryFailures(calls, clock);
    private final CountingIds names = new CountingIds();
    private final Silence journal = new Silence();
    private int sweepsCut;

    GantryUnderLoad(VirtualTime time, Api api, Burst burst, int concurrency) {
        this.time = time;
        this.api = api;
        this.random = new Random(burst.seed());
        this.queue = new VirtualQueue(time);
        this.machines = new Machines(time, burst, this);
        this.mapping = new Mapping(time, queue, this::environment, concurrency);
        fleets.settings(new Fleet(
                FLEET,
                Fleet.DEFAULT_HOOK,
                new Document("AWS-ApplyAnsiblePlaybooks", "1", Optional.empty()),
                "playbook.yml",
                "SSM=True",
                false,
                "-v",
                Policy.DEFAULT));
        fleets.upload(FLEET, BUNDLE);
        fleets.release(FLEET, Release.NONE.withCurrent(BUNDLE));
    }

    private LoadedFunction environment() {
        VirtualSsm ssm = new VirtualSsm(api.new Client(), machines, time);
        VirtualSsm sender = new VirtualSsm(api.new Client(), machines, time);
        Ports ports = new Ports(
                new AutoScalingGroups(new VirtualAutoScaling(api.new Client(), machines)),
                new SsmAgents(ssm),
                new SsmCommands(ssm, sender, "eu-central-1", "gantry-sandbox"),
                Bastion.none("there is no bastion"),
                new Ports.Stored(new SlowLedger(ledger, time), new SlowFleets(fleets, time), failures),
                journal,
                new Ports.Worker(names, time, TAKEOVER),
                Ahead.NEVER);
        return new LoadedFunction(ports, this::hide, random::nextDouble);
    }

    private void hide(String receiptHandle, Duration hidden) {
        time.sleep(HIDE);
        queue.hide(receiptHandle, hidden);
    }

    void start() {
        mapping.start();
        LoadedFunction sweeper = environment();
        // The schedule does not depend on launches: its minute began at some time before the first.
        time.in(Duration.ofMillis((long) (SWEEP.toMillis() * random.nextDouble())), () -> sweep(sweeper));
    }

    private void sweep(LoadedFunction sweeper) {
        time.spawn(TIMEOUT, () -> quietly(sweeper::sweep), completed -> sweepsCut += completed ? 0 : 1);
        time.in(SWEEP, () -> sweep(sweeper));
    }

    /** A sweep that cannot list the groups fails, and the next one comes in a minute. */
    private static void quietly(Runnable sweep) {
        try {
            sweep.run();
        } catch (GantryException throttled) {
            // Lambda counts it as an error of the function.
        }
    }

    Machines machines() {
        return machines;
    }

    VirtualQueue queue() {
        return queue;
    }

    Mapping mapping() {
        return mapping;
    }

    /** Log lines and pages, by their type. */
    Map<String, Integer> journalLines() {
        return journal.lines();
    }

    int sweepsCut() {
        return sweepsCut;
    }

    @Override
    public void launching(String instance) {
        queue.send(
                """
                {"source": "aws.autoscaling", "detail-type": "EC2 Instance-launch Lifecycle Action", "time": "%s",
                 "detail": {"LifecycleActionToken": "token-%s", "LifecycleHookName": "gantry", "EC2InstanceId": "%s",
                            "AutoScalingGroupName": "web", "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING"}}
                """
                        .formatted(time.instant(), instance, instance),
                "AIDAEVENTS");
    }

    @Override
    public void announced(String instance) {
        queue.send(
                """
                {"source": "gantry", "detail-type": "Instance Announcement", "detail": {"EC2InstanceId": "%s"}}
                """
                        .formatted(instance),
                "AROAINSTANCE:" + instance);
    }

    @Override
    public void invocationEnded(String instance, String command) {
        queue.send(
                """
                {"source": "aws.ssm", "detail-type": "EC2 Command Invocation Status-change Notification",
                 "detail": {"command-id": "%s", "instance-id": "%s", "status": "Success"}}
                """
                        .formatted(command, instance),
                "AIDAEVENTS");
    }

    /** The rule does not forward it: each of its invocations has an event of its own. */
    @Override
    public void commandEnded(String command) {
        // Nothing receives it.
    }
}
