package dev.gantry.operator;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.Explanation.Deadline;
import dev.gantry.operator.Explanation.Mood;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One launch in a list.
 *
 * @param at where it waits, or how it ended
 * @param words the last words about it
 * @param spans what it spent its time on so far, for a chart
 */
public record LaunchLine(
        FleetName fleet, InstanceId instance, Step at, Mood mood, Term term, String words, List<Span> spans) {

    /**
     * A word for it.
     *
     * @param gate the gate at which it waits or waited, in lower case; empty where there is no record
     * @param word {@code Wait:AGENT}, or how it ended
     */
    public record Step(Optional<String> gate, String word) {}

    /**
     * Its times.
     *
     * @param since when it was first seen at its gate
     * @param endedAt empty while it is open
     */
    public record Term(Optional<Instant> since, Optional<Deadline> deadline, Optional<Instant> endedAt) {}

    public Optional<Instant> since() {
        return term.since();
    }

    public Optional<Deadline> deadline() {
        return term.deadline();
    }

    public Optional<Instant> endedAt() {
        return term.endedAt();
    }

    public Optional<String> gate() {
        return at.gate();
    }

    public String step() {
        return at.word();
    }

    /** Whether it still waits. */
    public boolean isOpen() {
        return endedAt().isEmpty();
    }
}
