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
import java.util.Optional;

/**
 * What is asked of a run that is under way over the bastion, and when. A run ends there by its instance's word alone, so that no
 * other run is begun beside one that may be going on; as long as there is no such word it is asked about, always under the same
 * id, and at most every {@link #PAUSE}. Pure.
 */
final class OverTheBastion {
    /** From one question to the next, where the first was answered: a run takes minutes. */
    static final Duration PAUSE = Duration.ofSeconds(15);

    /** Until a question counts as lost: its message is taken up within seconds, and its exchange takes 20 s at most. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    /** An answer that is awaited is looked for this soon. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private OverTheBastion() {}

    static Decision underWay(Observation o, Attempt run) {
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

    /** To begin it again is harmless; without settings nobody knows with what. */
    private static Question question(Observation o) {
        boolean hasBegun =
                o.reply().filter(r -> r.said() instanceof Said.UnderWay).isPresent();
        return hasBegun || o.fleet().policy().mode() == Policy.Mode.UNKNOWN ? Question.STATUS : Question.START;
    }

    private static Decision waiting(Observation o, Attempt run, Duration left) {
        Duration soon = left.compareTo(LOOK) < 0 ? left : LOOK;
        Duration again = soon.compareTo(AT_ONCE) < 0 ? AT_ONCE : soon;
        Optional<Said.Failed> failure = failure(o);
        if (failure.isPresent()) {
            String why = "over the bastion: " + failure.get().detail();
            return failure.get().kind() == Trouble.Kind.MISCONFIGURED
                    ? DecisionTable.misconfigured(why)
                    : DecisionTable.wait(Reason.RETRYABLE, again, why);
        }
        String why = o.reply()
                .map(Reply::said)
                .filter(Said.Busy.class::isInstance)
                .map(said -> " waits for its turn on the instance: " + ((Said.Busy) said).holder())
                .orElse(" is under way over the bastion");
        return DecisionTable.wait(Reason.RUN, again, "run " + run.number() + why);
    }

    private static Optional<Said.Failed> failure(Observation o) {
        return o.reply().map(Reply::said).filter(Said.Failed.class::isInstance).map(Said.Failed.class::cast);
    }
}
