package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Hold;
import dev.gantry.launch.decide.Decision.Ignore;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.id.InstanceId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Instances with the decision about each, in the order in which they were observed. */
record Decided(Map<ObservedInstance, Decision> decisions) {

    static Decided of(Collection<ObservedInstance> instances) {
        Map<ObservedInstance, Decision> decisions = new LinkedHashMap<>();
        instances.forEach(c -> decisions.put(c, c.decision()));
        return new Decided(decisions);
    }

    Decided without(Class<? extends Decision> kind) {
        return new Decided(only(decision -> !kind.isInstance(decision)));
    }

    /** With these decided, too. */
    Decided and(Collection<ObservedInstance> more) {
        Map<ObservedInstance, Decision> all = new LinkedHashMap<>(decisions);
        all.putAll(of(more).decisions);
        return new Decided(all);
    }

    /** The instances with this kind of decision. */
    <D extends Decision> Map<ObservedInstance, D> of(Class<D> kind) {
        Map<ObservedInstance, D> ofKind = new LinkedHashMap<>();
        decisions.forEach((c, decision) -> {
            if (kind.isInstance(decision)) {
                ofKind.put(c, kind.cast(decision));
            }
        });
        return ofKind;
    }

    List<ObservedInstance> instances(Class<? extends Decision> kind) {
        return List.copyOf(of(kind).keySet());
    }

    /** Those about which there is nothing to do now but to note what was learned. */
    Map<ObservedInstance, Decision> quiet() {
        return only(decision -> decision instanceof Wait
                || decision instanceof Ignore
                || decision instanceof Hold
                || decision instanceof Decision.Extend);
    }

    Outcomes outcomes() {
        Map<InstanceId, Decision> byInstance = new TreeMap<>();
        decisions.forEach((c, decision) -> byInstance.put(c.instance(), decision));
        return Outcomes.decided(byInstance);
    }

    private Map<ObservedInstance, Decision> only(Predicate<Decision> which) {
        Map<ObservedInstance, Decision> some = new LinkedHashMap<>();
        decisions.forEach((c, decision) -> {
            if (which.test(decision)) {
                some.put(c, decision);
            }
        });
        return some;
    }
}
