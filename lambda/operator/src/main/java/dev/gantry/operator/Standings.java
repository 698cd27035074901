package dev.gantry.operator;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Stay;
import dev.gantry.operator.Explanation.Mood;
import dev.gantry.operator.Explanation.Standing;
import dev.gantry.stored.ObjectKeys;
import java.util.Optional;

/** The present state of an instance, in a few words, and the reason. */
final class Standings {
    private Standings() {}

    static Standing of(Evidence seen, Belief belief) {
        Optional<Standing> ended = belief.stay()
                .filter(stay -> stay.closedAt().isPresent())
                .flatMap(Stay::closing)
                .map(closing -> ended(seen, belief, closing));
        if (ended.isPresent()) {
            return ended.get();
        } else if (belief.stay().isEmpty()) {
            return NeverSeen.standing(seen, belief);
        }
        return belief.decision()
                .map(decision -> decided(decision, isHeld(seen, belief)))
                .orElseGet(() -> undecided(seen));
    }

    /** Without settings nothing is decided, and where nothing failed to be read, that is why. */
    private static Standing undecided(Evidence seen) {
        return seen.isWhole()
                ? new Standing(
                        Mood.BAD,
                        "waits for a repair",
                        Optional.empty(),
                        "its fleet has no settings any more, at "
                                + seen.place()
                                        .object(ObjectKeys.settings(
                                                seen.gantry().fleet().orElseThrow())))
                : new Standing(
                        Mood.UNKNOWN,
                        "waits, and too little could be read to say for what",
                        Optional.empty(),
                        "see what could not be read");
    }

    private static Standing ended(Evidence seen, Belief belief, Closing closing) {
        Optional<String> decision = belief.decision().map(Decisions::name);
        boolean isInGroup = seen.member().isPresent() && belief.lifecycle() != Lifecycle.LEAVING;
        String later = isInGroup ? "" : ", and has left its group since";
        return switch (closing.kind()) {
            case PROVISIONED -> new Standing(
                    isInGroup ? Mood.GOOD : Mood.UNKNOWN, "was let into service" + later, decision, closing.why());
            case OBSERVED -> new Standing(
                    isInGroup ? Mood.GOOD : Mood.UNKNOWN,
                    "was let pass without a run: its fleet is only observed" + later,
                    decision,
                    closing.why());
            case ABANDONED -> new Standing(Mood.BAD, "was abandoned", decision, closing.why());
            case ELSEWHERE -> new Standing(
                    Mood.UNKNOWN,
                    isTakenBack(belief) ? "was taken back by EC2" : "went on without Gantry's word" + later,
                    decision,
                    closing.why());
        };
    }

    private static boolean isTakenBack(Belief belief) {
        return belief.lifecycle() == Lifecycle.LEAVING
                && belief.stay().flatMap(Stay::interruptedAt).isPresent();
    }

    private static boolean isHeld(Evidence seen, Belief belief) {
        return belief.stay()
                .flatMap(stay -> stay.intervention().hold())
                .filter(hold -> seen.now().isBefore(hold.until()))
                .isPresent();
    }

    private static Standing decided(Decision decision, boolean isHeldByAnOperator) {
        if (decision instanceof Decision.Hold hold && isHeldByAnOperator) {
            return new Standing(
                    Mood.WAITING,
                    "is held by an operator until " + Times.clock(hold.until()),
                    Optional.of(Decisions.name(decision)),
                    decision.why());
        }
        boolean needsSomebody =
                decision instanceof Decision.Wait wait && wait.reason() == Decision.Reason.MISCONFIGURED;
        boolean isLost = decision instanceof Decision.Abandon || decision instanceof Decision.Hold;
        Mood mood = needsSomebody || isLost ? Mood.BAD : Mood.WAITING;
        return new Standing(mood, headline(decision), Optional.of(Decisions.name(decision)), decision.why());
    }

    private static String headline(Decision decision) {
        if (decision instanceof Decision.Wait wait) {
            return waits(wait.reason());
        } else if (decision instanceof Decision.Hold hold) {
            return "failed, and is kept for a look until " + Times.clock(hold.until());
        } else if (decision instanceof Decision.Run run) {
            return "is due for run " + run.attempt();
        } else if (decision instanceof Decision.FallBack run) {
            return "is due for run " + run.attempt() + ", over the bastion";
        } else if (decision instanceof Decision.Ask) {
            return "waits for its run over the bastion";
        } else if (decision instanceof Decision.Extend) {
            return "waits, and its heartbeat is due to be renewed";
        } else if (decision instanceof Decision.Proceed) {
            return "is about to be let into service";
        } else if (decision instanceof Decision.Abandon) {
            return "is about to be abandoned";
        }
        return "is not Gantry's to decide about now";
    }

    private static String waits(Decision.Reason reason) {
        return switch (reason) {
            case HOOK -> "is not held by the launch hook yet";
            case STATE -> "is in a state on its way";
            case AGENT -> "waits for its SSM agent";
            case RUN -> "waits for its run to end";
            case CLAIM -> "waits until it is certain whether its run was sent";
            case BACKOFF -> "waits for its next run";
            case INTERRUPTION -> "is taken back by EC2";
            case RETRYABLE -> "waits because AWS does not answer well";
            case MISCONFIGURED -> "waits for a repair";
        };
    }
}
