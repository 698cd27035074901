package dev.gantry.system.faults;

import java.time.Duration;
import java.util.List;

/**
 * The result of a case.
 *
 * @param complaints what is wrong; empty if it converged
 * @param notes what differs from an undisturbed launch, and is no fault
 * @param trace calls and log lines of the functions, for a case that did not converge
 */
record Outcome(FaultCase of, Duration took, List<String> complaints, List<String> notes, List<String> trace) {

    boolean hasConverged() {
        return complaints.isEmpty();
    }

    double seconds() {
        return took.toMillis() / 1000.0;
    }
}
