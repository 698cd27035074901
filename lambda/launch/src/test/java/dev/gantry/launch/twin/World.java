package dev.gantry.launch.twin;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.Fallback;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Ahead;
import dev.gantry.launch.reconcile.Interventions;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.reconcile.Operator;
import dev.gantry.launch.reconcile.Ports;
import dev.gantry.launch.reconcile.Reconciler;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Hint;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All twins together, with one fleet {@link #WEB} that has a bundle, and with the vocabulary of the tests. */
public final class World {
    public static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    public static final FleetName WEB = new FleetName("web");
    public static final BundleId FIRST = bundle(1);
    public static final BundleId SECOND = bundle(2);
    public static final String HOOK = Fleet.DEFAULT_HOOK;
    public static final Document DOCUMENT = new Document("AWS-ApplyAnsiblePlaybooks", "7", Optional.empty());
    public static final Document HARDENED = new Document(Document.HARDENED, "7", Optional.empty());
    public static final Duration TAKEOVER = Duration.ofMinutes(2);
    public static final Failure BROKEN_PLAY =
            new Failure("runShellScript", Optional.of("start nginx"), "unit not found", 2, "fatal: unit not found");

    public final HandClock clock = new HandClock(START);
    public final Calls calls = new Calls();
    public final FakeGroups groups = new FakeGroups(calls, clock);
    public final FakeAgents agents = new FakeAgents(calls);
    public final FakeCommands commands = new FakeCommands(calls, clock, agents);
    public final FakeBastion bastion = new FakeBastion(calls);
    public final InMemoryLedger ledger = new InMemoryLedger(calls);
    public final InMemoryFleets fleets = new InMemoryFleets(calls, clock);
    public final InMemoryFailures failures = new InMemoryFailures(calls, clock);
    public final RecordingJournal journal = new RecordingJournal(calls);
    private final CountingIds names = new CountingIds();
    private int launched;

    public World() {
        groups.create(WEB);
        fleet(WEB, Policy.DEFAULT);
    }

    public static BundleId bundle(int n) {
        return new BundleId(String.format("%064x", n));
    }

    public static Fleet fleet(FleetName name, Policy policy, String hook) {
        Document document = policy.fallback().isUsed() ? HARDENED : DOCUMENT;
        return new Fleet(name, hook, document, "playbook.yml", "SSM=True", false, "-v", policy);
    }

    /** {@link #WEB} falls back this long after a stay's beginning. */
    public void fallingBack(Duration after) {
        fleet(WEB, Policy.DEFAULT.with(Fallback.whenUnreachable(after)));
    }

    /** A fleet with {@link #FIRST} as its current bundle. */
    public void fleet(FleetName name, Policy policy) {
        groups.create(name);
        fleets.settings(fleet(name, policy, HOOK));
        fleets.upload(name, FIRST);
        fleets.release(name, fleets.release(name).withCurrent(FIRST));
    }

    /** As in a new container of the function: only the twins have state. */
    public Reconciler reconciler() {
        return new Reconciler(ports());
    }

    private Ports ports() {
        return new Ports(
                groups,
                agents,
                commands,
                bastion,
                new Ports.Stored(ledger, fleets, failures),
                journal,
                new Ports.Worker(names, clock, TAKEOVER),
                Ahead.NEVER);
    }

    public Interventions interventions() {
        return new Interventions(ports());
    }

    public Operator operator() {
        return new Operator(fleets, groups, journal, clock);
    }

    /** An instance that {@link #WEB} launches, held at the service gate. */
    public InstanceId launch() {
        return launch(WEB);
    }

    public InstanceId launch(FleetName group) {
        launched++;
        InstanceId instance = new InstanceId(String.format("i-%017x", launched));
        groups.put(instance, group, "Pending:Wait");
        groups.hold(instance, HOOK, heartbeat());
        return instance;
    }

    public List<InstanceId> launch(int count) {
        List<InstanceId> instances = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            instances.add(launch());
        }
        return instances;
    }

    public static Duration heartbeat() {
        return Policy.DEFAULT.heartbeat();
    }

    public void online(InstanceId instance) {
        agents.ping(instance, clock.instant());
    }

    public void succeed(InstanceId instance) {
        commands.end(instance, new Verdict.Succeeded());
    }

    public void fail(InstanceId instance) {
        commands.end(instance, new Verdict.RunFailed(BROKEN_PLAY));
    }

    /** The look that a launch event of this moment asks for. */
    public Look event(InstanceId instance) {
        return Look.waiting(instance, HOOK, new Hint("token-" + instance, clock.instant()));
    }

    public Decision look(Look look) {
        return reconciler().look(List.of(look)).get(look.instance());
    }

    public Decision look(InstanceId instance) {
        return look(Look.at(instance));
    }

    /** A minute goes by, heartbeats end, and the sweep comes. */
    public void minute() {
        clock.passSeconds(60);
        groups.expire(false);
        reconciler().sweep();
    }

    public Stay stay(InstanceId instance) {
        return ledger.stay(WEB, instance).orElseThrow();
    }
}
