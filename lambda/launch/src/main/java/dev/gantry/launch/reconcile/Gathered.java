package dev.gantry.launch.reconcile;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Evidence;
import dev.gantry.launch.stay.Stay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Evidence about some instances, each's in the order in which it was found.
 *
 * @param error what ended the gathering early; what was gathered before counts
 */
record Gathered(Map<InstanceId, List<Evidence>> evidence, Optional<GantryException> error) {

    /** Takes evidence while it is gathered. */
    static final class Notes {
        private final Map<InstanceId, List<Evidence>> evidence = new TreeMap<>();

        void add(InstanceId instance, Evidence found) {
            evidence.computeIfAbsent(instance, i -> new ArrayList<>()).add(found);
        }
    }

    /** Gathers until the end, or until an error. */
    static Gathered by(Consumer<Notes> gathering) {
        Notes notes = new Notes();
        try {
            gathering.accept(notes);
            return new Gathered(notes.evidence, Optional.empty());
        } catch (GantryException e) {
            return new Gathered(notes.evidence, Optional.of(e));
        }
    }

    /** The stays with this learned. */
    Map<InstanceId, Stay> learnedBy(Map<InstanceId, Stay> stays) {
        Map<InstanceId, Stay> learned = new TreeMap<>(stays);
        learned.replaceAll((instance, stay) -> stay.learn(evidence.getOrDefault(instance, List.of())));
        return learned;
    }
}
