package dev.gantry.launch.simulation;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.twin.Killed;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Every call of a worker goes through here: it takes time in which others act, it can fail, and it can be the last one. */
final class Wire {
    private final Timeline timeline;
    private final Faults faults;
    private final Dice dice;
    private final Workers workers;
    private Runnable secondWorker = () -> {};
    private BooleanSupplier isSsmAway = () -> false;
    private Runnable unanswered = () -> {};

    Wire(Timeline timeline, Faults faults, Dice dice, Workers workers) {
        this.timeline = timeline;
        this.faults = faults;
        this.dice = dice;
        this.workers = workers;
    }

    /** What a second worker does in the middle of a call. */
    void secondWorker(Runnable work) {
        secondWorker = work;
    }

    /** When Systems Manager does not answer, and the listener for such calls. */
    void systemsManager(BooleanSupplier isAway, Runnable onSilence) {
        isSsmAway = isAway;
        unanswered = onSilence;
    }

    /** A call that fails as a whole. */
    <T> T call(String name, Supplier<T> effect) {
        reach(name);
        if (faults.strikes(FaultKind.CALL_FAILS)) {
            throw new GantryException.Retryable(name + ": Rate exceeded", null);
        }
        T answer = effect.get();
        answered(name);
        if (faults.strikes(FaultKind.ANSWER_LOST)) {
            throw new GantryException.Retryable(name + ": connection reset", null);
        }
        return answer;
    }

    /** A call of Systems Manager, which can be away for longer. */
    <T> T callSsm(String name, Supplier<T> effect) {
        try {
            return call(name, () -> {
                if (isSsmAway.getAsBoolean()) {
                    workers.disturb();
                    throw new GantryException.Retryable(name + ": no answer", null);
                }
                return effect.get();
            });
        } catch (GantryException.Retryable e) {
            unanswered.run();
            throw e;
        }
    }

    /** A call whose failures are part of its answer. */
    <T> T reliably(String name, Supplier<T> effect) {
        reach(name);
        T answer = effect.get();
        answered(name);
        return answer;
    }

    /** Within a call seconds pass, in which others act. */
    void pass(Dice how) {
        if (how.chance(0.5)) {
            secondWorker.run();
        }
        timeline.pass(how.seconds(1, 5));
    }

    /** A step without the network, during which the process can also end. */
    void locally(String name, Runnable effect) {
        die(name, "before ");
        effect.run();
        die(name, "after ");
    }

    private void reach(String name) {
        if (faults.strikes(FaultKind.CALL_SLOW)) {
            timeline.pass(faults.of(FaultKind.CALL_SLOW).seconds(1, 25));
        }
        if (faults.strikes(FaultKind.PROCESS_STOPPED)) {
            timeline.pass(faults.of(FaultKind.PROCESS_STOPPED).seconds(5, 60));
        }
        if (faults.strikes(FaultKind.SECOND_WORKER)) {
            secondWorker.run();
        }
        timeline.pass(dice.millis(5, 60));
        die(name, "before ");
    }

    private void answered(String name) {
        timeline.pass(dice.millis(5, 40));
        die(name, "after ");
    }

    private void die(String name, String where) {
        workers.dieOfAge();
        if (faults.strikes(FaultKind.WORKER_KILLED)) {
            throw new Killed(where + name);
        }
    }
}
