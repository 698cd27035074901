package dev.gantry.launch.simulation;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Ahead;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.reconcile.Operator;
import dev.gantry.launch.reconcile.Ports;
import dev.gantry.launch.simulation.Bundles.Mistake;
import dev.gantry.launch.simulation.Bundles.Worth;
import dev.gantry.launch.simulation.Faults.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One fleet's life for an hour or two, decided by a seed: launches, faults for a while, then none, until everything has
 * settled. The real domain code runs in it; everything around it is simulated.
 */
final class Simulation {
    private static final Duration SWEEP = Duration.ofMinutes(1);
    /** A launch without faults: agent 90 s, found within 60 s, run 120 s, its end found within 60 s; twice that. */
    private static final Duration CANARY = Duration.ofMinutes(11);

    private final Plan plan;
    private final Scenario scenario;
    private final Settings settings;
    private final Timeline timeline = new Timeline();
    private final Trace trace;
    private final Faults faults;
    private final Dice dice;
    private final Bundles bundles;
    private final LaunchQueue queue;
    private final AutoScaling autoScaling;
    private final Ssm ssm;
    private final BastionChannel channel;
    private final Invariants invariants;
    private final BreakerInvariants breaker;
    private final BastionInvariants fallback;
    private final Coverage coverage = new Coverage();
    private final Workers workers;
    private final Wire wire;
    private final SimulatedLedger ledger;
    private final SimulatedFailures failures;
    private final SimulatedJournal journal;
    private final SharingIds names;
    private Instant downUntil = Instant.MIN;
    private boolean isNeverRepaired;

    private Simulation(Plan plan, boolean isTraced) {
        this.plan = plan;
        this.scenario = plan.scenario();
        this.trace = new Trace(timeline, isTraced);
        this.faults = new Faults(plan.seed(), plan.profile(), plan.spared(), trace);
        this.dice = new Dice(plan.seed(), "world");
        this.bundles = new Bundles(timeline, trace);
        this.queue = new LaunchQueue(timeline, new Dice(plan.seed(), "queue"));
        Events events = new Events(timeline, faults, new Dice(plan.seed(), "events"), queue);
        this.settings = new Settings(timeline, trace, scenario.fleet());
        this.names = new SharingIds(faults);
        this.autoScaling =
                new AutoScaling(timeline, faults, scenario, settings, trace, new Dice(plan.seed(), "groups"), events);
        Guests guests = new Guests(
                timeline,
                faults,
                trace,
                new Dice(plan.seed(), "guests"),
                bundles,
                scenario.policy().runTimeout());
        this.channel = new BastionChannel(timeline, faults, trace, new Dice(plan.seed(), "bastion"), guests, coverage);
        this.ssm = new Ssm(
                timeline, faults, scenario, settings, trace, new Dice(plan.seed(), "agents"), events, bundles, guests);
        this.invariants = new Invariants(timeline, scenario, settings, bundles);
        this.fallback = new BastionInvariants(timeline, settings, coverage);
        guests.connect(fallback);
        autoScaling.connect(invariants, ssm);
        this.workers = new Workers(timeline, trace, this::container);
        this.wire = new Wire(timeline, faults, new Dice(plan.seed(), "wire"), workers);
        this.ledger = new SimulatedLedger(wire, faults, invariants, timeline, trace);
        this.failures = new SimulatedFailures(wire, timeline, invariants);
        this.journal = new SimulatedJournal(wire, trace);
        this.breaker =
                new BreakerInvariants(timeline, settings, bundles, autoScaling.process(), failures, journal, workers);
        invariants.connect(ledger, failures, journal, autoScaling.machines(), workers::disturb, breaker, fallback);
        fallback.connect(ledger, invariants, autoScaling.machines());
        wire.systemsManager(ssm::isAway, fallback::unanswered);
        bundles.onChange(breaker::released);
        faults.onStrike(workers::disturb);
        wire.secondWorker(this::sweep);
        queue.consumer(this::isAvailable, this::look);
        autoScaling.onWait(new Operators(timeline, faults, workers, invariants)::mayIntervene);
    }

    /**
     * How a simulation ended.
     *
     * @param struck the faults that struck
     * @param coverage the situations of the bastion channel that were reached
     * @param trace empty unless it was asked for
     */
    record Outcome(
            Plan plan,
            Optional<Violation> violation,
            Set<Fault> struck,
            Coverage coverage,
            int invocations,
            List<String> trace) {}

    static Outcome run(Plan plan) {
        return run(plan, false);
    }

    static Outcome traced(Plan plan) {
        return run(plan, true);
    }

    private static Outcome run(Plan plan, boolean isTraced) {
        Simulation simulation = new Simulation(plan, isTraced);
        Optional<Violation> violation = Optional.empty();
        try {
            simulation.live();
        } catch (Violation v) {
            simulation.trace.say(v::getMessage);
            violation = Optional.of(v);
        }
        return new Outcome(
                plan,
                violation,
                simulation.faults.struck(),
                simulation.coverage,
                simulation.workers.count(),
                simulation.trace.lines());
    }

    private Container container() {
        Ports ports = new Ports(
                new SimulatedGroups(
                        wire,
                        timeline,
                        faults,
                        autoScaling,
                        bundles,
                        invariants,
                        breaker,
                        scenario.fleet().hook(),
                        trace),
                new SimulatedAgents(wire, timeline, faults, autoScaling),
                new SimulatedCommands(wire, timeline, faults, autoScaling, ssm, bundles, invariants),
                new SimulatedBastion(wire, timeline, faults, autoScaling, channel, fallback),
                new Ports.Stored(ledger, new SimulatedFleets(wire, timeline, settings, bundles, invariants), failures),
                journal,
                new Ports.Worker(names, timeline, Scenario.TAKEOVER),
                Ahead.NEVER);
        return new Container(plan.ports().apply(ports));
    }

    private void live() {
        trace.say(() -> "seed " + plan.seed() + ", " + plan.profile() + ": " + scenario);
        publishAtTheBeginning();
        for (int n = 0; n < scenario.instances(); n++) {
            timeline.in(dice.seconds(0, 300), autoScaling::launch);
        }
        planMisfortunes();
        timeline.in(dice.seconds(1, 60), this::scheduledSweep);
        timeline.until(Timeline.START.plus(scenario.faultsFor()));
        calmDown();
        Instant stopped = timeline.instant();
        Duration longest = invariants.longestStay().plusMinutes(1);
        timeline.until(
                stopped.plus(CANARY).plus(scenario.policy().fallback().after()).plusSeconds(200));
        while (timeline.instant().isBefore(stopped.plus(longest)) && !isQuiet()) {
            timeline.pass(SWEEP);
        }
        invariants.everythingSettles(stopped);
    }

    private boolean isQuiet() {
        return autoScaling.machines().values().stream()
                .allMatch(m -> m.held().isEmpty() && !m.state().endsWith("Pending"));
    }

    private void publishAtTheBeginning() {
        if (dice.chance(0.95)) {
            BundleId first = bundles.upload(worth());
            bundles.change(release -> release.withCurrent(first));
        }
    }

    private Worth worth() {
        if (faults.strikes(FaultKind.BUNDLE_BAD)) {
            return Worth.BAD;
        }
        return faults.strikes(FaultKind.BUNDLE_UNRELIABLE) ? Worth.UNRELIABLE : Worth.GOOD;
    }

    private void planMisfortunes() {
        misfortune(FaultKind.FUNCTION_DOWN, () -> {
            Duration time = faults.of(FaultKind.FUNCTION_DOWN).seconds(60, 1500);
            trace.say(() -> "the function is down for " + time);
            downUntil = timeline.instant().plus(time);
        });
        misfortune(FaultKind.BUNDLE_PUBLISHED, () -> propose(bundles.upload(worth())));
        misfortune(FaultKind.BUNDLE_PUBLISHED, () -> propose(bundles.upload(worth())));
        misfortune(FaultKind.QUARANTINED_PROPOSED, this::proposeQuarantined);
        misfortune(FaultKind.LIFTED, this::lift);
        misfortune(FaultKind.SUSPENDED_BY_HAND, () -> autoScaling.process().suspend(LaunchProcess.By.OTHERS));
        misfortune(FaultKind.RESUMED_BY_HAND, () -> autoScaling.process().resume(LaunchProcess.By.OTHERS));
        misfortune(FaultKind.SETTINGS_CHANGED, () -> settings.change(faults.of(FaultKind.SETTINGS_CHANGED)));
        misfortune(FaultKind.SETTINGS_CHANGED, () -> settings.change(faults.of(FaultKind.SETTINGS_CHANGED)));
        if (scenario.hasFallback()) {
            Dice how = faults.of(FaultKind.SSM_AWAY);
            misfortune(
                    FaultKind.SSM_AWAY,
                    () -> ssm.goesAway(how.seconds(60, 2400), faults.strikes(FaultKind.SSM_AGENTS_CUT_OFF)));
        }
        misfortune(FaultKind.INSTANCE_REFRESH, autoScaling::refresh);
        misfortune(FaultKind.MISTAKE, () -> {
            bundles.make(faults.of(FaultKind.MISTAKE).pick(List.of(Mistake.values())));
            isNeverRepaired = faults.strikes(FaultKind.MISTAKE_NEVER_REPAIRED);
            if (!isNeverRepaired) {
                timeline.in(faults.of(FaultKind.MISTAKE).seconds(30, 2400), bundles::repairAll);
            }
        });
    }

    private void misfortune(FaultKind kind, Runnable event) {
        if (faults.strikes(kind)) {
            timeline.in(faults.of(kind).seconds(1, (int) scenario.faultsFor().toSeconds()), event);
        }
    }

    private void propose(BundleId bundle) {
        workers.invoke("an operator proposes " + bundle, c -> c.operator().propose(Scenario.WEB, bundle, "ann"));
    }

    private void proposeQuarantined() {
        bundles.release().quarantined().keySet().stream().findFirst().ifPresent(bundle -> {
            List<Operator.Response> answers = new ArrayList<>();
            workers.invoke(
                    "an operator proposes " + bundle + ", which is quarantined",
                    c -> answers.add(c.operator().propose(Scenario.WEB, bundle, "ann")));
            // Meanwhile somebody may have lifted it.
            if (bundles.release().isQuarantined(bundle)) {
                answers.forEach(answer -> BreakerInvariants.answered(bundle, answer));
            }
        });
    }

    /** What an operator does after the breaker opened: lifts the quarantine, or only resumes the group's launches. */
    private void lift() {
        Optional<BundleId> bundle = bundles.release().quarantined().keySet().stream()
                .filter(quarantined -> dice.chance(0.5))
                .findFirst();
        breaker.lifts(bundle);
        workers.invoke("an operator lifts " + bundle, c -> c.operator().lift(Scenario.WEB, bundle, "ann"));
    }

    /** Faults stop; a good bundle becomes current; a little later an instance is launched that has to serve soon. */
    private void calmDown() {
        faults.stop();
        ssm.comesBack();
        downUntil = Instant.MIN;
        if (!isNeverRepaired) {
            bundles.repairAll();
        }
        boolean isRepaired = !bundles.isMistaken();
        if (autoScaling.process().isSuspended()) {
            workers.invoke("an operator lifts", c -> c.operator().lift(Scenario.WEB, Optional.empty(), "ann"));
            autoScaling.process().resume(LaunchProcess.By.OTHERS);
        }
        BundleId good = bundles.upload(Worth.GOOD);
        bundles.change(release -> release.withCurrent(good));
        if (isRepaired) {
            timeline.in(Duration.ofSeconds(130), this::launchCanary);
            if (scenario.hasFallback()) {
                timeline.in(Duration.ofSeconds(131), this::launchCanaryWithoutAgent);
            }
        }
    }

    private void launchCanary() {
        Machine machine = autoScaling.launch();
        trace.say(() -> machine.id + " is launched after the faults");
        timeline.in(CANARY, () -> invariants.launchesServeAgain(machine));
    }

    private void launchCanaryWithoutAgent() {
        Machine machine = autoScaling.launchWithoutAgent();
        trace.say(() -> machine.id + " is launched without an agent after the faults");
        timeline.in(CANARY.plus(scenario.policy().fallback().after()), () -> invariants.launchesServeAgain(machine));
    }

    private boolean isAvailable() {
        return !timeline.instant().isBefore(downUntil) && !workers.isFull();
    }

    private void scheduledSweep() {
        timeline.in(SWEEP, this::scheduledSweep);
        if (faults.strikes(FaultKind.SWEEP_LATE)) {
            timeline.in(faults.of(FaultKind.SWEEP_LATE).seconds(5, 90), this::sweep);
        } else if (!faults.strikes(FaultKind.SWEEP_LOST)) {
            sweep();
            if (faults.strikes(FaultKind.SWEEP_DOUBLED)) {
                timeline.in(dice.millis(0, 2000), this::sweep);
            }
        }
    }

    private void sweep() {
        if (isAvailable()) {
            Instant begun = timeline.instant();
            Workers.End end = workers.invoke("sweep", c -> c.reconciler().sweep());
            if (end == Workers.End.UNDISTURBED) {
                invariants.swept(begun);
            }
        }
    }

    private Optional<Map<InstanceId, Decision>> look(List<Look> looks) {
        Map<InstanceId, Decision> decisions = new HashMap<>();
        Instant begun = timeline.instant();
        List<InstanceId> instances = looks.stream().map(Look::instance).toList();
        Workers.End end = workers.invoke(
                "look at " + instances, c -> decisions.putAll(c.reconciler().look(looks)));
        if (end == Workers.End.UNDISTURBED) {
            invariants.looked(looks, begun);
        }
        trace.say(() -> "decided " + decisions);
        return end == Workers.End.FAILED ? Optional.empty() : Optional.of(decisions);
    }
}
