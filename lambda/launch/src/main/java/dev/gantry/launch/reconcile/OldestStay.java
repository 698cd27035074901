package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;

/**
 * How long the oldest undecided stay of a round has waited, against its launch deadline. The sweep logs it each minute,
 * so that an alarm fires while there is still time to repair what the instance waits for.
 */
final class OldestStay {
    private static final int PERCENT = 100;

    private OldestStay() {}

    /** Writes the line about the oldest undecided stay of a round, if it has one. */
    static void log(FleetRound.Result round, Instant now, Journal journal) {
        round.facts().ifPresent(facts -> round.observed().stream()
                .filter(c -> isUndecided(round.decisions().get(c.instance())))
                .filter(c -> c.seen().stay().filter(stay -> stay.isOpen()).isPresent())
                .min(Comparator.comparing(c -> c.stay().openedAt()))
                .ifPresent(oldest -> journal.log(EventType.OLDEST_STAY, fields(facts, oldest, now))));
    }

    private static boolean isUndecided(Decision decision) {
        return decision instanceof Decision.Wait
                || decision instanceof Decision.Run
                || decision instanceof Decision.Extend
                || decision instanceof Decision.Hold;
    }

    private static Map<String, Object> fields(FleetFacts facts, ObservedInstance oldest, Instant now) {
        InstanceId instance = oldest.instance();
        Duration waited = Duration.between(oldest.stay().openedAt(), now);
        Duration deadline = facts.policy().launchDeadline();
        return Map.of(
                "fleet", facts.name().value(),
                "instance", instance.value(),
                "seconds", waited.toSeconds(),
                "deadline_seconds", deadline.toSeconds(),
                "percent", PERCENT * waited.toSeconds() / deadline.toSeconds());
    }
}
