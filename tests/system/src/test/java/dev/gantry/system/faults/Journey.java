package dev.gantry.system.faults;

import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.sandbox.events.Delivery;
import dev.gantry.system.e2e.Fleet;
import dev.gantry.system.e2e.Playbooks;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of launch. In each, one function is killed at its calls. */
enum Journey {
    EVENTS(
            ExampleFleet.LAUNCH_FUNCTION,
            "the launch event begins the run, the event of the run's end completes the hook"),
    LATE_AGENT(
            ExampleFleet.LAUNCH_FUNCTION, "the agent registers only after the launch message has begun to wait for it"),
    SWEEP(ExampleFleet.SWEEP_FUNCTION, "every event is lost; sweeps alone do all of it"),
    ABANDONED(ExampleFleet.LAUNCH_FUNCTION, "the playbook fails: the breaker opens, and the instance is abandoned");

    private final String function;
    private final String what;

    Journey(String function, String what) {
        this.function = function;
        this.what = what;
    }

    /** The function that is killed. */
    String function() {
        return function;
    }

    String what() {
        return what;
    }

    /** As it stands in a case's name. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Journey named(String word) {
        return List.of(values()).stream()
                .filter(journey -> journey.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no journey " + word));
    }

    boolean isAbandoned() {
        return this == ABANDONED;
    }

    /** How the fleet's surroundings differ in this journey. */
    void prepare(Bench bench, Fleet fleet) {
        bench.gantry.deliveries.deliver(fleet.name(), this == SWEEP ? Delivery.LOST : Delivery.ONCE);
        if (this == LATE_AGENT) {
            bench.gantry.registration(fleet.name(), Optional.empty());
        }
        if (isAbandoned()) {
            bench.gantry.playbooks.play(fleet.name(), (isFirst, nth) -> Playbooks.failure());
        }
    }
}
