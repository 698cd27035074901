package dev.gantry.launch.reconcile;

import dev.gantry.launch.Hint;
import dev.gantry.launch.InstanceId;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * "Look at this instance", with what the signal that said so knew.
 *
 * @param hook the lifecycle hook that a launch event named
 * @param commands commands whose end an event told of; some may have been sent by hand
 */
public record Look(InstanceId instance, Optional<String> hook, Optional<Hint> hint, Set<String> commands) {

    public Look {
        commands = Collections.unmodifiableSet(new TreeSet<>(commands));
    }

    /** Just a look. */
    public static Look at(InstanceId instance) {
        return new Look(instance, Optional.empty(), Optional.empty(), Set.of());
    }

    /** A look because the instance waits at the hook. */
    public static Look waiting(InstanceId instance, String hook, Hint hint) {
        return new Look(instance, Optional.of(hook), Optional.of(hint), Set.of());
    }

    /** A look because a command has ended there. */
    public static Look ended(InstanceId instance, String command) {
        return new Look(instance, Optional.empty(), Optional.empty(), Set.of(command));
    }

    /** One look for two signals about the same instance; the later of two hints counts. */
    public Look and(Look other) {
        Set<String> both = new TreeSet<>(commands);
        both.addAll(other.commands);
        Optional<Look> later = Stream.of(this, other)
                .filter(look -> look.hint.isPresent())
                .max(Comparator.comparing(look -> look.hint.orElseThrow().since()));
        Look newest = later.orElse(this);
        return new Look(instance, newest.hook, newest.hint, both);
    }
}
