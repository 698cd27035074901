package dev.gantry.launch.simulation;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.reconcile.Interventions;
import dev.gantry.launch.reconcile.Operator.Response;
import java.time.Duration;
import java.util.function.Function;

/** Operators who hold instances, end holds, and ask for one more run. */
final class Operators {
    /** Far below AWS's limit. */
    static final Duration LONGEST_HOLD = Duration.ofMinutes(40);

    /** The latest start of an operator, after an instance began to wait. */
    static final Duration LATEST = Duration.ofMinutes(25);

    private static final String NAME = "an operator";

    private final Timeline timeline;
    private final Faults faults;
    private final Workers workers;
    private final Invariants invariants;

    Operators(Timeline timeline, Faults faults, Workers workers, Invariants invariants) {
        this.timeline = timeline;
        this.faults = faults;
        this.workers = workers;
        this.invariants = invariants;
    }

    void mayIntervene(Machine machine) {
        if (faults.strikes(FaultKind.INSTANCE_HELD)) {
            Dice how = faults.of(FaultKind.INSTANCE_HELD);
            Duration time = Duration.ofMinutes(how.between(2, (int) LONGEST_HOLD.toMinutes()));
            Duration begins = how.seconds(5, 900);
            timeline.in(begins, () -> hold(machine.id, time));
            if (how.chance(0.5)) {
                timeline.in(begins.plus(how.seconds(30, 600)), () -> unhold(machine.id));
            }
        }
        if (faults.strikes(FaultKind.RUN_RETRIED)) {
            timeline.in(
                    faults.of(FaultKind.RUN_RETRIED).seconds(30, (int) LATEST.toSeconds()), () -> retry(machine.id));
        }
    }

    private void hold(InstanceId instance, Duration time) {
        ask("hold", instance, asked -> asked.hold(instance, time, NAME), () -> invariants.held(instance));
    }

    private void unhold(InstanceId instance) {
        // If its answer is lost, the operator does not know whether it was accepted.
        invariants.noLongerHeld(instance);
        ask("unhold", instance, asked -> asked.unhold(instance, NAME), () -> {});
    }

    private void retry(InstanceId instance) {
        ask("retry", instance, asked -> asked.retry(instance, NAME), () -> {});
    }

    private void ask(String what, InstanceId instance, Function<Interventions, Response> wish, Runnable accepted) {
        workers.invoke("an operator asks to " + what + " " + instance, container -> {
            if (wish.apply(container.interventions()).accepted()) {
                accepted.run();
            }
        });
    }
}
