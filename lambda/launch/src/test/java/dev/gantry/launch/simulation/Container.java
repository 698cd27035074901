package dev.gantry.launch.simulation;

import dev.gantry.launch.reconcile.Interventions;
import dev.gantry.launch.reconcile.Operator;
import dev.gantry.launch.reconcile.Ports;
import dev.gantry.launch.reconcile.Reconciler;

/** One execution environment: the parts as the function's wiring puts them together, with a cache of settings of its own. */
final class Container {
    private final Reconciler reconciler;
    private final Operator operator;
    private final Interventions interventions;

    Container(Ports ports) {
        this.reconciler = new Reconciler(ports);
        this.interventions = new Interventions(ports);
        this.operator = new Operator(ports.fleets(), ports.groups(), ports.journal(), ports.clock());
    }

    Reconciler reconciler() {
        return reconciler;
    }

    Interventions interventions() {
        return interventions;
    }

    Operator operator() {
        return operator;
    }
}
