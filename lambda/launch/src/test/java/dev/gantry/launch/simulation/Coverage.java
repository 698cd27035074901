package dev.gantry.launch.simulation;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How often a simulation reached the situations of the bastion channel: an invariant that is never exercised proves nothing. */
final class Coverage {
    private final Map<Situation, Long> counts = new EnumMap<>(Situation.class);

    /** The situations that must occur in some simulation. */
    enum Situation {
        FELL_BACK_WITHOUT_AN_AGENT,
        FELL_BACK_AFTER_A_SILENCE,
        FELL_BACK_AFTER_AN_UNDELIVERED_RUN,
        SENT_RUN_MOVED_TO_THE_BASTION,
        CLAIMED_RUN_MOVED_TO_THE_BASTION,
        /** A channel found a run on the instance that the other channel had begun. */
        RUN_BEGUN_BY_THE_OTHER_CHANNEL,
        LOCK_HELD,
        RUN_UNKNOWN_ON_THE_INSTANCE,
        INSTANCE_NOT_REACHED,
        HOST_KEY_CHANGED,
        RUN_INTERRUPTED,
        CANCELLATION_REQUESTED,
        START_REPEATED_WITHOUT_A_SECOND_RUN,
        NEWER_ANSWER_OVERWRITTEN_BY_AN_OLDER_ONE,
        AGENT_ONLINE_DURING_A_BASTION_RUN,
        SUCCEEDED_OVER_THE_BASTION,
        FAILED_OVER_THE_BASTION
    }

    void count(Situation situation) {
        counts.merge(situation, 1L, Long::sum);
    }

    void add(Coverage other) {
        other.counts.forEach((situation, count) -> counts.merge(situation, count, Long::sum));
    }

    long of(Situation situation) {
        return counts.getOrDefault(situation, 0L);
    }

    /** What never happened. */
    Set<Situation> missing() {
        Set<Situation> missing = EnumSet.allOf(Situation.class);
        missing.removeAll(counts.keySet());
        return missing;
    }

    /** One line for each situation. */
    String table() {
        return Arrays.stream(Situation.values())
                .map(s -> String.format(
                        "%9d  %s", of(s), s.name().toLowerCase(Locale.ROOT).replace('_', ' ')))
                .collect(Collectors.joining("\n"));
    }
}
