package dev.gantry.operator;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.stay.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One application of a bundle to instances that are in service: which are left, what became of the others, and whether it goes
 * on. Commands take up to 50 instances; the errors of all of them are counted together. Pure.
 *
 * @param targets in the order in which they have their turn
 * @param allowed so many instances may fail; one more ends it, as Systems Manager's MaxErrors says it of one command
 * @param outcomes of those that had their turn
 */
public record Rollout(List<InstanceId> targets, int allowed, Map<InstanceId, Outcome> outcomes) {
    /** SendCommand takes this many InstanceIds. */
    public static final int BATCH = 50;

    /** How it went on one instance. */
    public enum Kind {
        SUCCEEDED,
        FAILED,
        /** It did not come to run: no agent, no longer in service, stopped before its turn. */
        UNTOUCHED
    }

    /**
     * What became of one instance.
     *
     * @param words for people: the failing task, or why it was not touched; empty where all went well
     * @param changed the tasks that changed something, or would have; empty where the output does not say it
     */
    public record Outcome(Kind kind, String words, Optional<List<String>> changed) {
        public static Outcome untouched(String why) {
            return new Outcome(Kind.UNTOUCHED, why, Optional.empty());
        }

        /** The outcome of a run that has ended. */
        public static Outcome of(Verdict verdict) {
            if (verdict instanceof Verdict.RunFailed failed) {
                return new Outcome(Kind.FAILED, failed.failure().summary(), Optional.empty());
            } else if (verdict instanceof Verdict.Refused refused) {
                return new Outcome(Kind.FAILED, "refused: " + refused.detail(), Optional.empty());
            } else if (verdict instanceof Verdict.Undelivered undelivered) {
                return undelivered(undelivered.detail());
            }
            return new Outcome(Kind.SUCCEEDED, "", Optional.empty());
        }

        /** Terminated and Cancelled are those whose turn never came; what was not delivered may have been executed. */
        private static Outcome undelivered(String detail) {
            boolean isStopped = detail.contains("Terminated") || detail.contains("Cancelled");
            return isStopped
                    ? untouched("stopped before its turn, or in it: " + detail)
                    : new Outcome(Kind.FAILED, "never got to its end: " + detail, Optional.empty());
        }

        /** With what changed. */
        public Outcome with(List<String> tasks) {
            return new Outcome(kind, words, Optional.of(tasks));
        }
    }

    public Rollout {
        targets = List.copyOf(targets);
        outcomes = Collections.unmodifiableMap(new LinkedHashMap<>(outcomes));
    }

    /** At the beginning. */
    public static Rollout of(Collection<InstanceId> targets, int allowed) {
        return new Rollout(targets.stream().distinct().sorted().toList(), allowed, Map.of());
    }

    /** With what became of some more. */
    public Rollout with(Map<InstanceId, Outcome> more) {
        Map<InstanceId, Outcome> all = new LinkedHashMap<>(outcomes);
        all.putAll(more);
        return new Rollout(targets, allowed, all);
    }

    /** The next command's instances; none where it is over. */
    public List<InstanceId> next() {
        return isStopped() ? List.of() : left().stream().limit(BATCH).toList();
    }

    /** Those whose turn has not come. */
    public List<InstanceId> left() {
        return targets.stream().filter(target -> !outcomes.containsKey(target)).toList();
    }

    /** Whether too many have failed. */
    public boolean isStopped() {
        return count(Kind.FAILED) > allowed;
    }

    /** How many may still fail. */
    public int allowedStill() {
        return (int) Math.max(0, allowed - count(Kind.FAILED));
    }

    public long count(Kind kind) {
        return outcomes.values().stream()
                .filter(outcome -> outcome.kind() == kind)
                .count();
    }

    /** Those on which something changed, or would have. */
    public List<InstanceId> drifted() {
        List<InstanceId> drifted = new ArrayList<>();
        outcomes.forEach((instance, outcome) -> {
            if (outcome.changed().filter(tasks -> !tasks.isEmpty()).isPresent()) {
                drifted.add(instance);
            }
        });
        return drifted;
    }

    /** Whether every instance of it succeeded. */
    public boolean isGood() {
        return count(Kind.SUCCEEDED) == targets.size();
    }

    /** The outcomes among what Systems Manager says of a command. */
    public static Map<InstanceId, Outcome> ended(Map<InstanceId, Progress> progress) {
        Map<InstanceId, Outcome> ended = new LinkedHashMap<>();
        progress.forEach((instance, one) -> {
            if (one instanceof Progress.Ended end) {
                ended.put(instance, Outcome.of(end.verdict()));
            }
        });
        return ended;
    }
}
