package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.stay.Trouble;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Limits an error in a look to the instances that it concerns, reports it, and has them looked at again. A configuration error
 * that prevents every look cannot be recorded on a stay; the journal limits how often it is paged.
 */
final class Guard {
    private static final int FRAMES = 12;

    private final Journal journal;

    Guard(Journal journal) {
        this.journal = journal;
    }

    /** An unexpected error, and the fewest instances that show it. */
    private record Defect(List<InstanceId> instances, RuntimeException error) {}

    /** What looking showed. */
    private record Narrowed(Map<InstanceId, Decision> decisions, List<Defect> defects) {
        static Narrowed all(List<InstanceId> instances, Decision decision) {
            return new Narrowed(Outcomes.decided(instances, decision).decisions(), List.of());
        }

        Narrowed and(Narrowed other) {
            Map<InstanceId, Decision> both = new TreeMap<>(decisions);
            both.putAll(other.decisions);
            return new Narrowed(both, joined(defects, other.defects));
        }

        /** With this error reported as well, unless a smaller group of instances showed it again. */
        Narrowed causedBy(Defect defect) {
            return defects.isEmpty() ? new Narrowed(decisions, List.of(defect)) : this;
        }

        private static List<Defect> joined(List<Defect> some, List<Defect> others) {
            List<Defect> all = new ArrayList<>(some);
            all.addAll(others);
            return all;
        }
    }

    /**
     * Looks at these instances; the answer has a decision for each, however looking fails. An unexpected error is narrowed by
     * looking at each half again, which is harmless as every second look is. One instance that always triggers a defect does
     * not keep its neighbours from being looked at.
     */
    Map<InstanceId, Decision> look(
            List<InstanceId> instances, Function<List<InstanceId>, Map<InstanceId, Decision>> look) {
        Narrowed narrowed = narrow(instances, look);
        tellDefects(narrowed.defects());
        return narrowed.decisions();
    }

    private Narrowed narrow(List<InstanceId> instances, Function<List<InstanceId>, Map<InstanceId, Decision>> look) {
        try {
            return new Narrowed(look.apply(instances), List.of());
        } catch (GantryException e) {
            tell(instances, e);
            return Narrowed.all(instances, Outcomes.waitFor(e));
        } catch (RuntimeException e) {
            return halved(instances, look, e).causedBy(new Defect(instances, e));
        }
    }

    private Narrowed halved(
            List<InstanceId> instances,
            Function<List<InstanceId>, Map<InstanceId, Decision>> look,
            RuntimeException error) {
        int middle = instances.size() / 2;
        return instances.size() > 1
                ? narrow(instances.subList(0, middle), look)
                        .and(narrow(instances.subList(middle, instances.size()), look))
                : Narrowed.all(instances, new Wait(Reason.RETRYABLE, Optional.empty(), "a defect in Gantry: " + error));
    }

    /** One page for each failure, however many instances show it. */
    private void tellDefects(List<Defect> defects) {
        Map<String, List<Defect>> alike = new TreeMap<>();
        defects.forEach(defect -> alike.computeIfAbsent(String.valueOf(defect.error()), e -> new ArrayList<>())
                .add(defect));
        alike.forEach((error, same) -> {
            List<String> ids =
                    same.stream().flatMap(d -> ids(d.instances()).stream()).toList();
            journal.pageOnce(
                    EventType.DEFECT,
                    error,
                    "a defect in Gantry keeps it from looking after " + String.join(", ", ids) + "; it looks again with"
                            + " each sweep, and the trace in the log says where it failed: " + error,
                    Map.of("instances", ids, "trace", trace(same.get(0).error())));
        });
    }

    /** Asks a question that the look cannot start without. A configuration error is reported, and also thrown. */
    <T> T asked(String what, Supplier<T> question) {
        try {
            return question.get();
        } catch (GantryException.Misconfigured e) {
            String error = String.valueOf(e.getMessage());
            journal.pageOnce(
                    EventType.MISCONFIGURED,
                    e.key(),
                    "Gantry cannot get " + what + "; somebody has to repair this: " + error,
                    Map.of("error", error));
            throw e;
        }
    }

    private void tell(List<InstanceId> instances, GantryException e) {
        String error = String.valueOf(e.getMessage());
        Map<String, Object> fields =
                Map.of("instances", ids(instances), "kind", e.kind().name(), "error", error);
        if (e.kind() == Trouble.Kind.MISCONFIGURED) {
            journal.pageOnce(
                    EventType.MISCONFIGURED,
                    e.key(),
                    instances.size() + " instance(s) cannot be looked at, so that their heartbeats run out until"
                            + " somebody repairs this: " + error,
                    fields);
        } else {
            journal.log(EventType.LOOK_FAILED, fields);
        }
    }

    private static List<String> ids(List<InstanceId> instances) {
        return instances.stream().map(InstanceId::value).toList();
    }

    private static List<String> trace(RuntimeException error) {
        return Arrays.stream(error.getStackTrace())
                .limit(FRAMES)
                .map(StackTraceElement::toString)
                .toList();
    }
}
