package dev.gantry.launch.simulation;

import dev.gantry.launch.reconcile.Look;

/** EventBridge: best-effort delivery to the launch queue. Events get lost, duplicated, late, and so out of order. */
final class Events {
    private final Timeline timeline;
    private final Faults faults;
    private final Dice dice;
    private final LaunchQueue queue;

    Events(Timeline timeline, Faults faults, Dice dice, LaunchQueue queue) {
        this.timeline = timeline;
        this.faults = faults;
        this.dice = dice;
        this.queue = queue;
    }

    void send(Look look, boolean isLaunch) {
        if (faults.strikes(FaultKind.EVENT_LOST)) {
            return;
        }
        deliver(look, isLaunch);
        if (faults.strikes(FaultKind.EVENT_DOUBLED)) {
            deliver(look, isLaunch);
        }
    }

    /** An interruption of a Spot instance: once, and soon. */
    void announce(Look look) {
        queue.add(look, false);
    }

    private void deliver(Look look, boolean isLaunch) {
        Dice late = faults.of(FaultKind.EVENT_LATE);
        if (faults.strikes(FaultKind.EVENT_LATE)) {
            timeline.in(
                    late.chance(0.7) ? late.seconds(5, 600) : late.seconds(600, 10_000),
                    () -> queue.add(look, isLaunch));
        } else {
            timeline.in(dice.millis(100, 2000), () -> queue.add(look, isLaunch));
        }
    }
}
