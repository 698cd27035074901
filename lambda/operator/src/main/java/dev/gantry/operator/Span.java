package dev.gantry.operator;

import dev.gantry.operator.Explanation.Mood;
import java.time.Instant;
import java.util.Optional;

/**
 * A stretch of a launch, for a chart.
 *
 * @param to empty while it lasts
 * @param words what it was, and how it ended
 */
public record Span(Kind kind, Instant from, Optional<Instant> to, String words, Mood mood) {
    /** What a launch spends its time on. */
    public enum Kind {
        /** Held by its hook before the first run: it waits for its agent, or for a bundle. */
        HELD,
        /** A run, from its claim to its end as Gantry saw it. */
        RUN,
        /** A part of a run, as the hardened document measured it. */
        PHASE,
        /** Between two runs, or after the last one that failed. */
        PAUSE,
        /** From the decision about its end until Auto Scaling has accepted it. */
        COMPLETION
    }
}
