package dev.gantry.launch.simulation;

import dev.gantry.launch.simulation.Faults.Fault;
import dev.gantry.launch.simulation.Simulation.Outcome;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes a violation readable: removes every fault that is not needed to break the same invariant. */
final class Shrinker {
    private static final int MOST_RUNS = 3000;

    private int runs;

    /** The smallest outcome that was found, traced. */
    Outcome shrink(Outcome found) {
        Outcome best = found;
        Outcome small = Simulation.run(best.plan().small());
        if (isSame(found, small)) {
            best = small;
        }
        boolean isShrinking = true;
        while (isShrinking && runs < MOST_RUNS) {
            Outcome before = best;
            for (FaultKind kind : FaultKind.values()) {
                best = without(best, ofKind(best, kind));
            }
            for (Fault fault : List.copyOf(best.struck())) {
                best = without(best, Set.of(fault));
            }
            isShrinking = !before.struck().equals(best.struck());
        }
        return Simulation.traced(best.plan());
    }

    private Outcome without(Outcome best, Set<Fault> spared) {
        if (spared.isEmpty() || !best.struck().containsAll(spared)) {
            return best;
        }
        runs++;
        Outcome tried = Simulation.run(best.plan().sparing(spared));
        return isSame(best, tried) && tried.struck().size() < best.struck().size() ? tried : best;
    }

    private static Set<Fault> ofKind(Outcome outcome, FaultKind kind) {
        Set<Fault> faults = new HashSet<>(outcome.struck());
        faults.removeIf(fault -> fault.kind() != kind);
        return faults;
    }

    private static boolean isSame(Outcome one, Outcome other) {
        return other.violation()
                .filter(v -> v.invariant().equals(one.violation().orElseThrow().invariant()))
                .isPresent();
    }
}
