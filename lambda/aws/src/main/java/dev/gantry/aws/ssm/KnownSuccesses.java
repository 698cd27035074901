package dev.gantry.aws.ssm;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Commands.RunQuery;
import dev.gantry.launch.stay.Verdict;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The runs that are known to have succeeded, so that a burst does not ask about them once more: an answer about a command tells of
 * all of its instances, whose events come in other batches. Success is final (Run Command's "Understanding command statuses");
 * what failed or is going on is asked about each time.
 */
final class KnownSuccesses {
    /** Commands, each of at most 50 instances: a few megabytes. */
    static final int MOST = 500;

    private final Map<String, Set<InstanceId>> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<InstanceId>> eldest) {
            return size() > MOST;
        }
    };

    /** Those of these runs, by their commands. */
    synchronized Map<String, Map<InstanceId, Progress>> of(Collection<RunQuery> runs) {
        Map<String, Map<InstanceId, Progress>> found = new HashMap<>();
        for (RunQuery run : runs) {
            if (known.getOrDefault(run.command(), Set.of()).contains(run.instance())) {
                found.computeIfAbsent(run.command(), c -> new HashMap<>())
                        .put(run.instance(), new Progress.Ended(new Verdict.Succeeded()));
            }
        }
        return found;
    }

    synchronized void remember(Map<String, Map<InstanceId, Progress>> learned) {
        learned.forEach((command, progress) -> progress.forEach((instance, one) -> {
            if (one instanceof Progress.Ended ended && ended.verdict() instanceof Verdict.Succeeded) {
                known.computeIfAbsent(command, c -> new HashSet<>()).add(instance);
            }
        }));
    }
}
