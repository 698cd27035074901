package dev.gantry.launch.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What a step did.
 *
 * @param instances those for which it succeeded, as they are known now
 * @param outcomes the results of all of them
 */
record Acted(List<ObservedInstance> instances, Outcomes outcomes) {
    static final Acted NOTHING = new Acted(List.of(), Outcomes.NONE);

    Acted {
        instances = List.copyOf(instances);
    }

    static Acted on(Collection<ObservedInstance> instances) {
        return new Acted(List.copyOf(instances), Outcomes.NONE);
    }

    static Acted on(ObservedInstance instance) {
        return on(List.of(instance));
    }

    /** A step that failed. */
    static Acted none(Outcomes outcomes) {
        return new Acted(List.of(), outcomes);
    }

    Acted then(Acted later) {
        List<ObservedInstance> all = new ArrayList<>(instances);
        all.addAll(later.instances);
        return new Acted(all, outcomes.then(later.outcomes));
    }
}
