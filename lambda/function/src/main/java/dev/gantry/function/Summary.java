package dev.gantry.function;

import dev.gantry.launch.decide.Decision;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** How many decisions there were of each kind, for a log line. */
final class Summary {
    private Summary() {}

    static Map<String, Integer> of(Collection<Decision> decisions) {
        Map<String, Integer> counts = new TreeMap<>();
        decisions.forEach(d -> counts.merge(name(d), 1, Integer::sum));
        return counts;
    }

    static String name(Decision decision) {
        return decision instanceof Decision.Wait wait
                ? "Wait:" + wait.reason()
                : decision.getClass().getSimpleName();
    }
}
