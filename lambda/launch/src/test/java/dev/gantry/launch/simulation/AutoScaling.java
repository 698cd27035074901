package dev.gantry.launch.simulation;

import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Hint;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One group with a launch hook: launches, holds, renews, ends and replaces instances as EC2 Auto Scaling does (user guide,
 * "lifecycle hooks", "warm pools", "temporarily remove instances", "suspend processes"). The default result of the hook is
 * ABANDON; for an observed fleet it is CONTINUE.
 */
final class AutoScaling {
    /** The time between EC2's announcement and the end of a Spot instance. */
    private static final Duration NOTICE = Duration.ofMinutes(2);

    private final Timeline timeline;
    private final Faults faults;
    private final Scenario scenario;
    private final Settings settings;
    private final Trace trace;
    private final Dice dice;
    private final Map<InstanceId, Machine> machines = new TreeMap<>();
    private final Events events;
    private final LaunchProcess process;
    private Invariants invariants;
    private Ssm ssm;
    private Consumer<Machine> onWait = machine -> {};
    private int launched;
    private int tokens;
    private int replacementsLeft;

    AutoScaling(
            Timeline timeline,
            Faults faults,
            Scenario scenario,
            Settings settings,
            Trace trace,
            Dice dice,
            Events events) {
        this.timeline = timeline;
        this.faults = faults;
        this.scenario = scenario;
        this.settings = settings;
        this.trace = trace;
        this.dice = dice;
        this.events = events;
        this.process = new LaunchProcess(timeline, trace);
        this.replacementsLeft = scenario.replacements();
    }

    void connect(Invariants theInvariants, Ssm theSsm) {
        invariants = theInvariants;
        ssm = theSsm;
    }

    boolean hasWarmPool() {
        return scenario.hasWarmPool();
    }

    Map<InstanceId, Machine> machines() {
        return machines;
    }

    /** The group's Launch process, which can be suspended. */
    LaunchProcess process() {
        return process;
    }

    Machine launch() {
        return launch(false);
    }

    /** An instance whose agent never comes, in a fleet with a fallback. */
    Machine launchWithoutAgent() {
        return launch(true);
    }

    private Machine launch(boolean isWithoutAgent) {
        launched++;
        Machine machine = new Machine(new InstanceId("i-" + (10_000_000 + launched)));
        machine.isWithoutAgent = isWithoutAgent;
        machines.put(machine.id, machine);
        boot(machine, scenario.hasWarmPool() ? Gate.WARM : Gate.SERVICE);
        return machine;
    }

    private void boot(Machine machine, Gate gate) {
        state(machine, gate == Gate.WARM ? "Warmed:Pending" : "Pending");
        timeline.in(dice.seconds(1, 5), () -> hold(machine, gate));
        ssm.boot(machine);
        if (faults.strikes(FaultKind.SCALED_IN)) {
            timeline.in(faults.of(FaultKind.SCALED_IN).seconds(1, 1800), () -> terminate(machine, "scale-in"));
        }
        if (faults.strikes(FaultKind.SPOT_INTERRUPTED)) {
            Duration until = faults.of(FaultKind.SPOT_INTERRUPTED).seconds(1, 1800);
            Duration notice = until.compareTo(NOTICE) > 0 ? until.minus(NOTICE) : Duration.ZERO;
            timeline.in(notice, () -> events.announce(Look.interrupted(machine.id, timeline.instant())));
            timeline.in(until, () -> interrupt(machine));
        }
    }

    /** EC2 takes the machine away; Auto Scaling finds out by a health check (user guide, "health checks"). */
    private void interrupt(Machine machine) {
        if (!machine.isLeaving()) {
            trace.say(() -> machine.id + " is taken away by EC2");
            machine.isTakenAway = true;
            ssm.stop(machine);
            timeline.in(
                    faults.of(FaultKind.SPOT_INTERRUPTED).seconds(5, 180),
                    () -> terminate(machine, "spot interruption"));
        }
    }

    private void hold(Machine machine, Gate gate) {
        if (machine.isLeaving()) {
            return;
        }
        tokens++;
        Instant now = timeline.instant();
        Instant active = faults.strikes(FaultKind.HOOK_SLOW) ? now.plus(dice.seconds(1, 8)) : now;
        Machine.Wait wait = new Machine.Wait(gate, "token-" + tokens, now, active);
        machine.waits.add(wait);
        machine.otherHookHolds = scenario.hasSecondHook();
        state(machine, gate == Gate.WARM ? "Warmed:Pending:Wait" : "Pending:Wait");
        if (machine.otherHookHolds) {
            timeline.in(dice.seconds(5, 900), () -> otherHookEnds(machine, wait));
        }
        timeline.at(end(wait), () -> expire(machine, wait));
        Hint hint = new Hint(
                wait.token,
                now,
                scenario.namesGates() ? Optional.of(gate) : Optional.empty(),
                Optional.of(Scenario.WEB));
        events.send(Look.waiting(machine.id, scenario.fleet().hook(), hint), true);
        byHand(machine, wait);
    }

    private void byHand(Machine machine, Machine.Wait wait) {
        if (faults.strikes(FaultKind.COMPLETED_BY_HAND)) {
            timeline.in(faults.of(FaultKind.COMPLETED_BY_HAND).seconds(5, 900), () -> {
                if (!wait.isOver && !machine.isLeaving()) {
                    trace.say(() -> machine.id + " completed by hand");
                    complete(
                            machine,
                            wait,
                            faults.of(FaultKind.COMPLETED_BY_HAND).chance(0.7));
                }
            });
        }
        ssm.commandsByHand(machine, wait);
        onWait.accept(machine);
    }

    /** Called with each instance that begins to wait. */
    void onWait(Consumer<Machine> listener) {
        onWait = listener;
    }

    /** The heartbeat belongs to the hook: it stays the same when the settings change. */
    private Instant end(Machine.Wait wait) {
        Duration heartbeat = scenario.policy().heartbeat();
        Instant limit = wait.began.plus(Policy.longestWait(heartbeat));
        Instant next = wait.renewedAt.plus(heartbeat);
        return next.isBefore(limit) ? next : limit;
    }

    private void expire(Machine machine, Machine.Wait wait) {
        if (wait.isOver || machine.isLeaving()) {
            return;
        } else if (timeline.instant().isBefore(end(wait))) {
            timeline.at(end(wait), () -> expire(machine, wait));
            return;
        }
        trace.say(() -> machine.id + " the heartbeat has run out");
        invariants.everyStayEndsBeforeItsGatesLimit(machine, wait);
        complete(machine, wait, settings.observes());
    }

    /** The action that a completion or a heartbeat by instance id means now. */
    Optional<Machine.Wait> active(InstanceId instance) {
        return Optional.ofNullable(machines.get(instance))
                .filter(m -> !m.isLeaving())
                .flatMap(Machine::held)
                .filter(wait -> !timeline.instant().isBefore(wait.activeFrom));
    }

    void renew(Machine.Wait wait) {
        wait.renewedAt = timeline.instant();
    }

    void complete(Machine machine, Machine.Wait wait, boolean proceed) {
        wait.over(timeline.instant());
        if (!proceed) {
            terminate(machine, "abandoned");
        } else if (!machine.otherHookHolds) {
            proceed(machine, wait.gate);
        }
    }

    private void otherHookEnds(Machine machine, Machine.Wait wait) {
        machine.otherHookHolds = false;
        if (wait.isOver && !machine.isLeaving() && machine.state().endsWith(":Wait")) {
            proceed(machine, wait.gate);
        }
    }

    private void proceed(Machine machine, Gate gate) {
        state(machine, gate == Gate.WARM ? "Warmed:Pending:Proceed" : "Pending:Proceed");
        timeline.in(dice.seconds(1, 20), () -> arrive(machine, gate));
    }

    private void arrive(Machine machine, Gate gate) {
        if (machine.isLeaving()) {
            return;
        } else if (gate == Gate.WARM) {
            stop(machine);
            return;
        }
        state(machine, "InService");
        boolean mayMove = machine.waits.size() < 4;
        if (mayMove && faults.strikes(FaultKind.STANDBY)) {
            timeline.in(faults.of(FaultKind.STANDBY).seconds(10, 900), () -> enterStandby(machine));
        } else if (mayMove && scenario.reuses() && !faults.areOver()) {
            timeline.in(dice.seconds(60, 900), () -> goBack(machine));
        }
    }

    private void enterStandby(Machine machine) {
        if (machine.state().equals("InService")) {
            state(machine, "EnteringStandby");
            timeline.in(dice.seconds(1, 20), () -> stateUnlessLeaving(machine, "Standby"));
            timeline.in(faults.of(FaultKind.STANDBY).seconds(60, 900), () -> leaveStandby(machine));
        }
    }

    private void leaveStandby(Machine machine) {
        if (!machine.state().equals("Standby")) {
            return;
        }
        state(machine, "Pending");
        if (scenario.standbyIsHooked()) {
            timeline.in(dice.seconds(1, 5), () -> hold(machine, Gate.SERVICE));
        } else {
            timeline.in(dice.seconds(1, 20), () -> stateUnlessLeaving(machine, "InService"));
        }
    }

    /** On scale-in, a group that reuses instances returns them to the warm pool, without a launch hook. */
    private void goBack(Machine machine) {
        if (machine.state().equals("InService")) {
            stop(machine);
        }
    }

    private void stop(Machine machine) {
        state(machine, "Warmed:Stopped");
        ssm.stop(machine);
        timeline.in(dice.chance(0.5) ? dice.seconds(1, 20) : dice.seconds(20, 1200), () -> {
            if (!machine.isLeaving()) {
                boot(machine, Gate.SERVICE);
            }
        });
    }

    /** Every instance that is there now is replaced, one after the other, whatever it is doing. */
    void refresh() {
        trace.say(() -> "an instance refresh begins");
        Duration next = Duration.ZERO;
        for (Machine machine : machines.values()) {
            if (!machine.isLeaving()) {
                next = next.plus(faults.of(FaultKind.INSTANCE_REFRESH).seconds(1, 120));
                timeline.in(next, () -> replace(machine));
            }
        }
    }

    private void replace(Machine machine) {
        if (!machine.isLeaving()) {
            replacementsLeft++;
            terminate(machine, "instance refresh");
        }
    }

    private void terminate(Machine machine, String why) {
        if (machine.isLeaving()) {
            return;
        }
        machine.held().ifPresent(wait -> wait.over(timeline.instant()));
        trace.say(() -> machine.id + " terminates: " + why);
        state(machine, "Terminating");
        ssm.stop(machine);
        timeline.in(dice.seconds(5, 60), () -> state(machine, "Terminated"));
        if (replacementsLeft > 0) {
            replacementsLeft--;
            timeline.in(dice.seconds(5, 60), () -> process.whenItRuns(this::launch));
        }
    }

    private void stateUnlessLeaving(Machine machine, String state) {
        if (!machine.isLeaving()) {
            state(machine, state);
        }
    }

    private void state(Machine machine, String state) {
        machine.state(state, timeline.instant());
        trace.say(() -> machine.id + " is " + state);
    }
}
