package dev.gantry.operator;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The answer to "why is this instance waiting, or why was it killed, and what do I do now?".
 *
 * @param standing its present state, in a few words
 * @param deadline empty unless it waits
 * @param failure of the last run that failed
 * @param next at least one step
 * @param unread the calls that failed: their part of the answer is missing
 */
public record Explanation(
        Subject subject,
        Standing standing,
        Optional<Deadline> deadline,
        List<Moment> story,
        Optional<Failure> failure,
        List<Exhibit> evidence,
        List<NextStep> next,
        List<String> unread) {

    /**
     * Which instance it is, and how it was found.
     *
     * @param state its LifecycleState as AWS writes it; empty where it is in no group, or could not be read
     * @param now when it was looked at
     */
    public record Subject(InstanceId instance, Optional<FleetName> fleet, Optional<String> state, Instant now) {}

    public InstanceId instance() {
        return subject.instance();
    }

    public Optional<FleetName> fleet() {
        return subject.fleet();
    }

    public Optional<String> state() {
        return subject.state();
    }

    public Instant now() {
        return subject.now();
    }

    /** The state for a colour and a mark. */
    public enum Mood {
        GOOD,
        WAITING,
        BAD,
        UNKNOWN
    }

    /**
     * The present state of an instance.
     *
     * @param headline a few words: "waits for its SSM agent"
     * @param decision what Gantry's decision table says now, as in {@code Wait:AGENT}; empty where it says nothing
     * @param why the reason, one sentence
     */
    public record Standing(Mood mood, String headline, Optional<String> decision, String why) {}

    /** The deadline of a launch. */
    public record Deadline(Instant openedAt, Instant at) {
        /** Share of the time that has passed, 0 to 1. */
        public double passed(Instant now) {
            double whole = Math.max(1, Duration.between(openedAt, at).toSeconds());
            return Math.max(0, Math.min(1, Duration.between(openedAt, now).toSeconds() / whole));
        }
    }

    /** One line of the story; a moment without a time could not be dated. */
    public record Moment(Optional<Instant> at, String what, String detail, Mood mood) {}

    /** Where to read evidence: a command's id, an object, a query. */
    public record Exhibit(String label, String text) {}

    /** What to do, and the command to copy, if there is one. */
    public record NextStep(String words, Optional<String> command) {}
}
