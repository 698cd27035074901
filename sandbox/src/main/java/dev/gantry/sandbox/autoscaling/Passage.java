package dev.gantry.sandbox.autoscaling;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * One instance on its journey: the journey, its progress, and the hooks that hold it. Immutable and pure; each step gives the
 * next one.
 *
 * @param id the id of its scaling activity; distinguishes a passage from a later one of the same instance
 */
record Passage(String id, Journey journey, Stage stage, List<LifecycleAction> actions) {

    static Passage begun(String id, Journey journey) {
        return new Passage(id, journey, Stage.BEGUN, List.of());
    }

    LifecycleState state() {
        return journey.state(stage);
    }

    Passage at(Stage next) {
        return new Passage(id, journey, next, actions);
    }

    Passage waitingFor(List<LifecycleAction> held) {
        return new Passage(id, journey, Stage.WAITING, List.copyOf(held));
    }

    /** The active action that the test finds; empty where none is, or where the instance no longer waits. */
    Optional<LifecycleAction> active(Predicate<LifecycleAction> test) {
        return stage != Stage.WAITING
                ? Optional.empty()
                : actions.stream().filter(LifecycleAction::active).filter(test).findFirst();
    }

    Passage with(String token, UnaryOperator<LifecycleAction> change) {
        return new Passage(
                id,
                journey,
                stage,
                actions.stream()
                        .map(a -> a.token().equals(token) ? change.apply(a) : a)
                        .toList());
    }

    /** What its hooks say together: one ABANDON decides at once, CONTINUE needs all of them; empty means wait. */
    Optional<Result> verdict() {
        if (actions.stream().anyMatch(a -> a.result().equals(Optional.of(Result.ABANDON)))) {
            return Optional.of(Result.ABANDON);
        }
        return actions.stream().noneMatch(LifecycleAction::active) ? Optional.of(Result.CONTINUE) : Optional.empty();
    }
}
