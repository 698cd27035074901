package dev.gantry.launch.decide;

import dev.gantry.launch.decide.Decision.Ask;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Attempt.Detour;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Reply.Said;
import dev.gantry.launch.stay.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Which question is sent about a run that is under way over the bastion, and when. Such a run ends by its instance's own answer
 * only, so that no second run is begun beside it. Until that answer the same run id is asked about, at most every {@link #PAUSE}.
 */
final class BastionQuestions {
    /** Pause between an answered question and the next one: a run takes minutes. */
    static final Duration PAUSE = Duration.ofSeconds(15);

    /** After this a question counts as lost: its message is received within seconds, and its exchange takes at most 20 s. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Maximum delay until the next look for an answer. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    /** Minimum delay until the next look. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private BastionQuestions() {}

    static Decision about(Observation o, Attempt run) {
        Detour detour = run.detour().orElseThrow();
        Duration pause = isAnswered(o, detour) ? pause(o) : PATIENCE;
        Instant next = detour.askedAt().plus(pause);
        return o.now().isBefore(next)
                ? waiting(o, run, Duration.between(o.now(), next))
                : new Ask(question(o), run.runId(), "question " + (detour.asks() + 1) + " about run " + run.number());
    }

    private static boolean isAnswered(Observation o, Detour detour) {
        return o.reply()
                .filter(reply -> !reply.askedAt().isBefore(detour.askedAt()))
                .isPresent();
    }

    private static Duration pause(Observation o) {
        return failure(o).filter(f -> f.kind() == Trouble.Kind.MISCONFIGURED).isPresent()
                ? DecisionTable.MISTAKE_LOOK
                : PAUSE;
    }

    /** Beginning it again is harmless. Without settings the options are not known, so only its status is asked. */
    private static Question question(Observation o) {
        boolean hasBegun =
                o.reply().filter(r -> r.said() instanceof Said.UnderWay).isPresent();
        return hasBegun || o.fleet().policy().mode() == Policy.Mode.UNKNOWN ? Question.STATUS : Question.START;
    }

    private static Decision waiting(Observation o, Attempt run, Duration left) {
        Duration again = Collections.max(List.of(AT_ONCE, Collections.min(List.of(left, LOOK))));
        Optional<Said.Failed> failure = failure(o);
        if (failure.isPresent()) {
            String why = "over the bastion: " + failure.get().detail();
            return failure.get().kind() == Trouble.Kind.MISCONFIGURED
                    ? Waits.misconfigured(why)
                    : Waits.of(Reason.RETRYABLE, again, why);
        }
        String why = o.reply()
                .map(Reply::said)
                .filter(Said.Busy.class::isInstance)
                .map(said -> " waits for its turn on the instance: " + ((Said.Busy) said).holder())
                .orElse(" is under way over the bastion");
        return Waits.of(Reason.RUN, again, "run " + run.number() + why);
    }

    private static Optional<Said.Failed> failure(Observation o) {
        return o.reply().map(Reply::said).filter(Said.Failed.class::isInstance).map(Said.Failed.class::cast);
    }
}
