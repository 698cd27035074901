package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.DecisionTable;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Trouble;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The results for some instances. Each step of a round returns its own; the round merges them, and the later decision counts.
 *
 * @param decisions the last decision about each instance
 * @param failures the calls that failed
 * @param takenOut the bundles that the breaker quarantined
 */
record Outcomes(Map<InstanceId, Decision> decisions, List<Failed> failures, Set<BundleId> takenOut) {
    static final Outcomes NONE = new Outcomes(Map.of(), List.of(), Set.of());

    Outcomes {
        decisions = Collections.unmodifiableMap(new TreeMap<>(decisions));
        failures = List.copyOf(failures);
        takenOut = Collections.unmodifiableSet(new TreeSet<>(takenOut));
    }

    /**
     * A call that failed.
     *
     * @param known the instance as it was known; empty where nothing can be noted on its stay
     */
    record Failed(InstanceId instance, Optional<ObservedInstance> known, GantryException error) {
        private boolean isMisconfigured() {
            return error.kind() == Trouble.Kind.MISCONFIGURED;
        }
    }

    static Outcomes decided(InstanceId instance, Decision decision) {
        return new Outcomes(Map.of(instance, decision), List.of(), Set.of());
    }

    static Outcomes decided(Collection<InstanceId> instances, Decision decision) {
        Map<InstanceId, Decision> decisions = new TreeMap<>();
        instances.forEach(instance -> decisions.put(instance, decision));
        return decided(decisions);
    }

    static Outcomes decided(Map<InstanceId, Decision> decisions) {
        return new Outcomes(decisions, List.of(), Set.of());
    }

    /** Look again soon. */
    static Outcomes wait(InstanceId instance, Reason reason, String why) {
        return decided(instance, new Decision.Wait(reason, Optional.of(DecisionTable.AGENT_LOOK), why));
    }

    /** A call failed about an instance on whose stay nothing can be noted. */
    static Outcomes failed(InstanceId instance, GantryException error) {
        return failed(new Failed(instance, Optional.empty(), error));
    }

    /** A call failed about an instance whose stay is known: a configuration error is noted there, and so paged once. */
    static Outcomes failed(ObservedInstance known, GantryException error) {
        return failed(new Failed(known.instance(), Optional.of(known), error));
    }

    private static Outcomes failed(Failed failed) {
        return new Outcomes(Map.of(failed.instance(), waitFor(failed.error())), List.of(failed), Set.of());
    }

    /** There is no time left for this instance. */
    static Decision outOfTime() {
        return waitFor(outOfTimeError());
    }

    static GantryException outOfTimeError() {
        return new GantryException.Retryable("there is no time left in this invocation; Gantry looks again", null);
    }

    static Decision waitFor(GantryException error) {
        Reason reason = error.kind() == Trouble.Kind.MISCONFIGURED ? Reason.MISCONFIGURED : Reason.RETRYABLE;
        return new Decision.Wait(reason, Optional.of(DecisionTable.AGENT_LOOK), String.valueOf(error.getMessage()));
    }

    static Outcomes takenOut(Set<BundleId> bundles) {
        return new Outcomes(Map.of(), List.of(), bundles);
    }

    /** These outcomes and then the later ones. */
    Outcomes then(Outcomes later) {
        if (isNothing()) {
            return later;
        }
        if (later.isNothing()) {
            return this;
        }
        Map<InstanceId, Decision> merged = new TreeMap<>(decisions);
        merged.putAll(later.decisions);
        List<Failed> all = new ArrayList<>(failures);
        all.addAll(later.failures);
        Set<BundleId> out = new TreeSet<>(takenOut);
        out.addAll(later.takenOut);
        return new Outcomes(merged, all, out);
    }

    private boolean isNothing() {
        return decisions.isEmpty() && failures.isEmpty() && takenOut.isEmpty();
    }

    /** The instances whose configuration error is to be noted on their stay, with the note. */
    List<ObservedInstance> misconfigured() {
        return failures.stream()
                .filter(Failed::isMisconfigured)
                .flatMap(failed -> noted(failed).stream())
                .toList();
    }

    private static Optional<ObservedInstance> noted(Failed failed) {
        return failed.known()
                .map(known -> known.with(known.stay()
                        .withTrouble(failed.error().asTrouble(known.seen().now()))));
    }

    /** The configuration errors that no stay can remember. */
    Map<InstanceId, GantryException> unnoted() {
        Map<InstanceId, GantryException> unnoted = new TreeMap<>();
        failures.stream()
                .filter(failed -> failed.isMisconfigured() && failed.known().isEmpty())
                .forEach(failed -> unnoted.put(failed.instance(), failed.error()));
        return unnoted;
    }
}
