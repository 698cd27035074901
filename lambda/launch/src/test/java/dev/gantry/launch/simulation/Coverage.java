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

    /** The situations that must occur somewhere. */
    enum Situation {
        FELL_BACK_WITHOUT_AN_AGENT,
        FELL_BACK_IN_A_SILENCE,
        FELL_BACK_AFTER_AN_UNDELIVERED_RUN,
        A_COMMANDS_RUN_WENT_OVER_THE_BASTION,
        A_CLAIMS_RUN_WENT_OVER_THE_BASTION,
        /** One channel found on the instance what the other one had begun. */
        BOTH_CHANNELS_MET,
        BUSY,
        UNKNOWN,
        UNREACHED,
        REFUSED,
        INTERRUPTED,
        ASKED_TO_CANCEL,
        BEGUN_AGAIN_WITHOUT_HARM,
        OLDER_ANSWER_OVER_A_NEWER_ONE,
        AGENT_BACK_WHILE_CLAIMED,
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
