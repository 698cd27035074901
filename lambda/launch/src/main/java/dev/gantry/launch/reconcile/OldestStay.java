package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;

/**
 * How long the oldest undecided stay of a pass has waited, against its launch deadline. The sweep tells it in each minute,
 * so that somebody is woken while there is still time to repair what keeps the instance.
 */
final class OldestStay {
    private static final int PERCENT = 100;

    private OldestStay() {}

    /** Writes the line, unless nobody waits. */
    static void tell(Pass pass, Collection<Case> cases, Instant now, Journal journal) {
        cases.stream()
                .filter(c -> isUndecided(pass.decisions().get(c.instance())))
                .filter(c -> c.seen().stay().filter(stay -> stay.isOpen()).isPresent())
                .min(Comparator.comparing(c -> c.stay().openedAt()))
                .ifPresent(oldest -> journal.log("oldest_stay", fields(pass, oldest, now)));
    }

    private static boolean isUndecided(Decision decision) {
        return decision instanceof Decision.Wait
                || decision instanceof Decision.Run
                || decision instanceof Decision.Extend
                || decision instanceof Decision.Hold;
    }

    private static Map<String, Object> fields(Pass pass, Case oldest, Instant now) {
        InstanceId instance = oldest.instance();
        Duration waited = Duration.between(oldest.stay().openedAt(), now);
        Duration deadline = pass.fleet().policy().launchDeadline();
        return Map.of(
                "fleet", pass.fleet().name().value(),
                "instance", instance.value(),
                "seconds", waited.toSeconds(),
                "deadlineSeconds", deadline.toSeconds(),
                "percent", PERCENT * waited.toSeconds() / deadline.toSeconds());
    }
}
