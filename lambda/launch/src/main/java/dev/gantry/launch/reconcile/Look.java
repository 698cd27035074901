package dev.gantry.launch.reconcile;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.stay.Hint;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * "Look at this instance", with the content of the signal.
 *
 * @param hook the lifecycle hook that a launch event named
 * @param commands commands whose end an event reported; some may have been sent by hand
 * @param interruptedAt when EC2 announced that it takes the Spot instance back
 * @param learned the progress of commands that was already read for this look, so that it is not read again
 */
public record Look(
        InstanceId instance,
        Optional<String> hook,
        Optional<Hint> hint,
        Set<String> commands,
        Optional<Instant> interruptedAt,
        Map<String, Progress> learned) {

    public Look {
        commands = Collections.unmodifiableSet(new TreeSet<>(commands));
        learned = Collections.unmodifiableMap(new TreeMap<>(learned));
    }

    /** A look without further information. */
    public static Look at(InstanceId instance) {
        return new Look(instance, Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), Map.of());
    }

    /** A look because the instance waits at the hook. */
    public static Look waiting(InstanceId instance, String hook, Hint hint) {
        return new Look(instance, Optional.of(hook), Optional.of(hint), Set.of(), Optional.empty(), Map.of());
    }

    /** A look because a command has ended there. */
    public static Look ended(InstanceId instance, String command) {
        return new Look(instance, Optional.empty(), Optional.empty(), Set.of(command), Optional.empty(), Map.of());
    }

    /** A look because EC2 announced, at this time, that it takes the Spot instance back. */
    public static Look interrupted(InstanceId instance, Instant at) {
        return new Look(instance, Optional.empty(), Optional.empty(), Set.of(), Optional.of(at), Map.of());
    }

    /** The same, with the command's progress. */
    static Look ended(InstanceId instance, String command, Progress progress) {
        return new Look(
                instance,
                Optional.empty(),
                Optional.empty(),
                Set.of(command),
                Optional.empty(),
                Map.of(command, progress));
    }

    /** One look for two signals about the same instance; the later of two hints counts. */
    public Look and(Look other) {
        Set<String> both = new TreeSet<>(commands);
        both.addAll(other.commands);
        Optional<Look> later = Stream.of(this, other)
                .filter(look -> look.hint.isPresent())
                .max(Comparator.comparing(look -> look.hint.orElseThrow().since()));
        Look newest = later.orElse(this);
        Map<String, Progress> all = new TreeMap<>(learned);
        all.putAll(other.learned);
        return new Look(instance, newest.hook, newest.hint, both, interruptedAt.or(other::interruptedAt), all);
    }
}
