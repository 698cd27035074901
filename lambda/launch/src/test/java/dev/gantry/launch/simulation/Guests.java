package dev.gantry.launch.simulation;

import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the hardened document's program does on the instances, whatever brings it a run: one run at a time by a lock, each run
 * id to its end once, and what is known of a run is on the disk. A run that a reboot ended is not begun again over the bastion.
 */
final class Guests {
    private static final Failure BROKEN =
            new Failure("runShellScript", Optional.of("start"), "unit not found", 2, "fatal: unit not found");
    private static final Failure OVERRAN =
            new Failure("runShellScript", Optional.empty(), "ran longer than it may", 137, "");
    private static final String ANOTHER_RUN = "another run";

    private final Timeline timeline;
    private final Faults faults;
    private final Trace trace;
    private final Dice dice;
    private final Bundles bundles;
    private final Duration runTimeout;
    private BastionInvariants invariants;

    Guests(Timeline timeline, Faults faults, Trace trace, Dice dice, Bundles bundles, Duration runTimeout) {
        this.runTimeout = runTimeout;
        this.timeline = timeline;
        this.faults = faults;
        this.trace = trace;
        this.dice = dice;
        this.bundles = bundles;
    }

    void connect(BastionInvariants ofTheFallback) {
        invariants = ofTheFallback;
    }

    /** The progress of a run, by its record on the instance. */
    enum State {
        RUNNING,
        ENDED,
        INTERRUPTED,
        CANCELLED
    }

    /** The record of a run; the verdict is its result. */
    record Known(State state, Verdict verdict) {
        static final Known RUNNING = new Known(State.RUNNING, new Verdict.Undelivered("running"));

        boolean isOver() {
            return state != State.RUNNING;
        }
    }

    static Optional<Known> known(Machine machine, String run) {
        return Optional.ofNullable(machine.records.get(run));
    }

    static Optional<String> holder(Machine machine) {
        return machine.lock;
    }

    /** Something other than Gantry holds the lock for a while. */
    void holdTheLock(Machine machine, Duration time) {
        if (machine.lock.isEmpty()) {
            machine.lock = Optional.of(ANOTHER_RUN);
            timeline.in(time, () -> release(machine, ANOTHER_RUN));
        }
    }

    /** Takes the lock, which is free, and runs for at most the fleet's time for a run. */
    void begin(Issued one, Consumer<Verdict> atEnd) {
        Machine machine = one.machine;
        String run = one.run();
        machine.lock = Optional.of(run);
        machine.records.put(run, Known.RUNNING);
        one.isStarted = true;
        trace.say(() -> machine.id + " begins " + run);
        boolean hangs = faults.strikes(FaultKind.RUN_HANGS);
        Duration length = hangs ? runTimeout : dice.seconds(3, (int) Math.min(120, runTimeout.toSeconds() - 1));
        boolean fails = hangs || fails(one);
        int waits = machine.waits.size();
        if (faults.strikes(FaultKind.INSTANCE_REBOOTED)) {
            boolean isWanted = one.isOverTheBastion()
                    && faults.of(FaultKind.INSTANCE_REBOOTED).chance(0.5);
            timeline.in(length.dividedBy(2), () -> reboot(machine, run, isWanted));
        }
        timeline.in(length, () -> {
            if (isUp(machine) && machine.waits.size() == waits && isRunning(machine, run)) {
                finish(one, fails, hangs, atEnd);
            }
        });
    }

    static boolean isUp(Machine machine) {
        return !machine.isLeaving()
                && !machine.isTakenAway
                && !machine.state().startsWith("Warmed:Stop")
                && !machine.waits.isEmpty();
    }

    private static boolean isRunning(Machine machine, String run) {
        return Known.RUNNING.equals(machine.records.get(run));
    }

    private boolean fails(Issued one) {
        return switch (one.command.bundle().map(bundles::worth).orElse(Bundles.Worth.GOOD)) {
            case GOOD -> faults.strikes(FaultKind.RUN_FAILS);
            case BAD -> true;
            case UNRELIABLE -> dice.chance(0.5);
        };
    }

    private void finish(Issued one, boolean fails, boolean hangs, Consumer<Verdict> atEnd) {
        Instant now = timeline.instant();
        Verdict verdict = fails ? new Verdict.RunFailed(hangs ? OVERRAN : BROKEN) : new Verdict.Succeeded();
        invariants.finished(one);
        one.machine.records.put(one.run(), new Known(State.ENDED, verdict));
        release(one.machine, one.run());
        one.ranUntil = Optional.of(now);
        one.succeeded = !fails;
        one.failedThere = fails ? Optional.of(now) : Optional.empty();
        trace.say(() -> one.machine.id + " ends " + one.run() + ": "
                + verdict.getClass().getSimpleName());
        atEnd.accept(verdict);
    }

    /** A reboot that the play asked for is no interruption: the run begins again under its id. */
    private void reboot(Machine machine, String run, boolean isWanted) {
        if (!isWanted) {
            end(machine, run, State.INTERRUPTED);
        } else if (isRunning(machine, run)) {
            machine.records.remove(run);
            release(machine, run);
            trace.say(() -> machine.id + " restarts because " + run + " wants it");
        }
    }

    /** A reboot, a stop or a cancellation. */
    void end(Machine machine, String run, State how) {
        if (isRunning(machine, run)) {
            machine.records.put(run, new Known(how, new Verdict.Undelivered(how.name())));
            release(machine, run);
            trace.say(() -> machine.id + " " + run + " is " + how);
        }
    }

    /** The machine stops, and its run with it. */
    void stop(Machine machine) {
        machine.lock.ifPresent(run -> end(machine, run, State.INTERRUPTED));
        machine.lock = Optional.empty();
    }

    private static void release(Machine machine, String holder) {
        if (machine.lock.equals(Optional.of(holder))) {
            machine.lock = Optional.empty();
        }
    }
}
