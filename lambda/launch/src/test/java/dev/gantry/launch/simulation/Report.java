package dev.gantry.launch.simulation;

import dev.gantry.launch.simulation.Simulation.Outcome;

/** A violation, for people: seed, invariant, the faults that it needs, and what happened. */
final class Report {
    private Report() {}

    static String of(Outcome found) {
        Outcome shrunk = new Shrinker().shrink(found);
        return "seed " + found.plan().seed() + " (" + found.plan().profile() + ") breaks "
                + found.violation().orElseThrow().getMessage() + "\nIt takes these faults: " + shrunk.struck()
                + (shrunk.plan().isSmall() ? ", with one instance" : "") + "\n"
                + String.join("\n", shrunk.trace());
    }
}
