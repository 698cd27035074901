package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
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
 * Keeps what goes wrong in a look to the instances that it concerns, tells it, and has them looked at again. A mistake that
 * keeps Gantry from looking at all has no stay to be noted on; the journal pages it again and again, but not with each pass.
 */
final class Guard {
    private static final int FRAMES = 12;

    private final Journal journal;

    Guard(Journal journal) {
        this.journal = journal;
    }

    /** An unexpected failure, and the fewest instances that show it. */
    private record Defect(List<InstanceId> instances, RuntimeException error) {}

    /**
     * Looks at these instances; the answer has a decision for each, however looking fails. An unexpected failure is narrowed
     * by looking at each half again, which is harmless as every second look is: one instance that always triggers a defect
     * takes no neighbour with it.
     */
    Map<InstanceId, Decision> look(
            List<InstanceId> instances, Function<List<InstanceId>, Map<InstanceId, Decision>> look) {
        Map<InstanceId, Decision> decisions = new TreeMap<>();
        List<Defect> defects = new ArrayList<>();
        narrow(instances, look, decisions, defects);
        tellDefects(defects);
        return decisions;
    }

    private void narrow(
            List<InstanceId> instances,
            Function<List<InstanceId>, Map<InstanceId, Decision>> look,
            Map<InstanceId, Decision> decisions,
            List<Defect> defects) {
        try {
            decisions.putAll(look.apply(instances));
        } catch (GantryException e) {
            tell(instances, e);
            decide(instances, Pass.waitFor(e), decisions);
        } catch (RuntimeException e) {
            int known = defects.size();
            if (instances.size() > 1) {
                int middle = instances.size() / 2;
                narrow(instances.subList(0, middle), look, decisions, defects);
                narrow(instances.subList(middle, instances.size()), look, decisions, defects);
            } else {
                String why = "a defect in Gantry: " + e;
                decide(instances, new Wait(Reason.RETRYABLE, Optional.empty(), why), decisions);
            }
            // Where no half shows it again, the culprit is not known, and the failure is told all the same.
            if (defects.size() == known) {
                defects.add(new Defect(instances, e));
            }
        }
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
                    "defect",
                    error,
                    "a defect in Gantry keeps it from looking after " + String.join(", ", ids) + "; it looks again with"
                            + " each sweep, and the trace in the log says where it failed: " + error,
                    Map.of("instances", ids, "trace", trace(same.get(0).error())));
        });
    }

    /** Asks for something without which nothing is known to look at; a mistake is told, and thrown all the same. */
    <T> T asked(String what, Supplier<T> question) {
        try {
            return question.get();
        } catch (GantryException.Misconfigured e) {
            String error = String.valueOf(e.getMessage());
            journal.pageOnce(
                    "misconfigured",
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
                    "misconfigured",
                    e.key(),
                    instances.size() + " instance(s) cannot be looked at, so that their heartbeats run out until"
                            + " somebody repairs this: " + error,
                    fields);
        } else {
            journal.log("look_failed", fields);
        }
    }

    private static void decide(List<InstanceId> instances, Decision decision, Map<InstanceId, Decision> decisions) {
        instances.forEach(instance -> decisions.put(instance, decision));
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
