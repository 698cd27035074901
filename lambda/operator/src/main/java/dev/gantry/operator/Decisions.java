package dev.gantry.operator;

import dev.gantry.launch.decide.Decision;

/** Names of decisions, as log lines and the operations page have them. */
final class Decisions {
    private Decisions() {}

    /** The decision's kind; a wait with what it waits for: {@code Wait:AGENT}. */
    static String name(Decision decision) {
        String kind = decision.getClass().getSimpleName();
        return decision instanceof Decision.Wait wait ? kind + ":" + wait.reason() : kind;
    }
}
