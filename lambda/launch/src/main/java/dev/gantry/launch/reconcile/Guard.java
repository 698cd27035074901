package dev.gantry.launch.reconcile;

import dev.gantry.launch.GantryException;
import dev.gantry.launch.InstanceId;
import dev.gantry.launch.Trouble;
import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.port.Journal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Has mistakes told that keep Gantry from looking at all. Such a look knows no stay to note the mistake on, so it is paged in
 * each pass: noise is better than silence.
 */
final class Guard {
    private static final int FRAMES = 12;

    private final Journal journal;

    Guard(Journal journal) {
        this.journal = journal;
    }

    /** Looks at these instances; the answer has a decision for each, however looking fails. */
    Map<InstanceId, Decision> look(
            List<InstanceId> instances, Function<List<InstanceId>, Map<InstanceId, Decision>> look) {
        try {
            return look.apply(instances);
        } catch (GantryException e) {
            tell(instances, e);
            return all(instances, Pass.waitFor(e));
        } catch (RuntimeException e) {
            journal.page("defect", "Gantry failed with " + e, Map.of("instances", ids(instances), "trace", trace(e)));
            return all(
                    instances,
                    new Decision.Wait(Decision.Reason.RETRYABLE, Optional.empty(), "a defect in Gantry: " + e));
        }
    }

    /** Asks for something without which no instance can be looked at; a mistake is told, and thrown all the same. */
    <T> T asked(String what, Supplier<T> question) {
        try {
            return question.get();
        } catch (GantryException.Misconfigured e) {
            String error = String.valueOf(e.getMessage());
            journal.page(
                    "misconfigured",
                    what + " is refused, so that heartbeats run out until somebody repairs this: " + error,
                    Map.of("error", error));
            throw e;
        }
    }

    private void tell(List<InstanceId> instances, GantryException e) {
        String error = String.valueOf(e.getMessage());
        Map<String, Object> fields =
                Map.of("instances", ids(instances), "kind", e.kind().name(), "error", error);
        if (e.kind() == Trouble.Kind.MISCONFIGURED) {
            journal.page(
                    "misconfigured",
                    instances.size() + " instance(s) cannot be looked at, so that their heartbeats run out until"
                            + " somebody repairs this: " + error,
                    fields);
        } else {
            journal.log("look_failed", fields);
        }
    }

    private static Map<InstanceId, Decision> all(List<InstanceId> instances, Decision decision) {
        Map<InstanceId, Decision> decisions = new TreeMap<>();
        instances.forEach(instance -> decisions.put(instance, decision));
        return decisions;
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
