package dev.gantry.launch.reconcile;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Commands.Expected;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Commands.RunQuery;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The progress of runs, each read once. A sweep has one cache for all of its batches, which share commands. Its entries are not
 * older than the sweep, and a run that ends meanwhile is found by the next look.
 */
final class CommandProgressCache {
    private final Commands commands;
    private final Map<String, Map<InstanceId, Progress>> known = new HashMap<>();

    CommandProgressCache(Commands commands) {
        this.commands = commands;
    }

    /** Reads the progress of those that are not in the cache. */
    void ask(Collection<RunQuery> runs) {
        List<RunQuery> unknown = runs.stream()
                .filter(run -> of(run.command(), run.instance()).isEmpty())
                .toList();
        learn(unknown, Expected.ANYTHING);
    }

    /** Runs that are reported as ended have just changed, so cached progress does not count. */
    void askEnded(Collection<RunQuery> runs) {
        learn(runs, Expected.SUCCESS);
    }

    void learned(RunQuery run, Progress progress) {
        known.computeIfAbsent(run.command(), c -> new HashMap<>()).put(run.instance(), progress);
    }

    private void learn(Collection<RunQuery> runs, Expected expected) {
        if (!runs.isEmpty()) {
            commands.progressOf(runs, expected)
                    .forEach((command, found) ->
                            known.computeIfAbsent(command, c -> new HashMap<>()).putAll(found));
        }
    }

    Optional<Progress> of(String command, InstanceId instance) {
        return Optional.ofNullable(known.getOrDefault(command, Map.of()).get(instance));
    }
}
