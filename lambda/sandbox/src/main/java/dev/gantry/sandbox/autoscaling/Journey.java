package dev.gantry.sandbox.autoscaling;

import static dev.gantry.sandbox.autoscaling.LifecycleState.*;
import static dev.gantry.sandbox.autoscaling.Place.EC2;
import static dev.gantry.sandbox.autoscaling.Place.GROUP;
import static dev.gantry.sandbox.autoscaling.Place.WARM_POOL;

/**
 * The state machine of an instance, as a table: each row is one way through it, with the states that the API shows, the hooks
 * that may hold it, and what an abandoned hook leads to (AS/lifecycle-hooks-overview, AS/warm-pool-instance-lifecycle,
 * AS/completing-lifecycle-hooks: ABANDON ends a launch, and lets a termination go on without the remaining hooks).
 */
enum Journey {
    // spotless:off
    //             from       to         hooks                   begun               waiting                  proceeding                  abandoned
    LAUNCH        (EC2,       GROUP,     Transition.LAUNCHING,   PENDING,            PENDING_WAIT,            PENDING_PROCEED,            Fate.DISCARD),
    WARM          (EC2,       WARM_POOL, Transition.LAUNCHING,   WARMED_PENDING,     WARMED_PENDING_WAIT,     WARMED_PENDING_PROCEED,     Fate.DISCARD),
    SCALE_OUT     (WARM_POOL, GROUP,     Transition.LAUNCHING,   PENDING,            PENDING_WAIT,            PENDING_PROCEED,            Fate.DISCARD),
    RETURN        (GROUP,     WARM_POOL, Transition.TERMINATING, WARMED_PENDING,     WARMED_PENDING_WAIT,     WARMED_PENDING_PROCEED,     Fate.DISCARD),
    TERMINATE     (GROUP,     EC2,       Transition.TERMINATING, LifecycleState.TERMINATING, TERMINATING_WAIT, TERMINATING_PROCEED,       Fate.PROCEED),
    DRAIN         (WARM_POOL, EC2,       Transition.TERMINATING, WARMED_TERMINATING, WARMED_TERMINATING_WAIT, WARMED_TERMINATING_PROCEED, Fate.PROCEED),
    /** The end of a journey that was abandoned or forced; no hook holds it, and no activity of its own tells of it. */
    DISCARD       (GROUP,     EC2,       Transition.TERMINATING, LifecycleState.TERMINATING, TERMINATING_WAIT, TERMINATING_PROCEED,       Fate.PROCEED),
    DISCARD_WARM  (WARM_POOL, EC2,       Transition.TERMINATING, WARMED_TERMINATING, WARMED_TERMINATING_WAIT, WARMED_TERMINATING_PROCEED, Fate.PROCEED);
    // spotless:on

    /** What an instance does after one of its hooks was abandoned. */
    enum Fate {
        PROCEED,
        DISCARD
    }

    private final Place from;
    private final Place to;
    private final Transition transition;
    private final LifecycleState begun;
    private final LifecycleState waiting;
    private final LifecycleState proceeding;
    private final Fate abandoned;

    Journey(
            Place from,
            Place to,
            Transition transition,
            LifecycleState begun,
            LifecycleState waiting,
            LifecycleState proceeding,
            Fate abandoned) {
        this.from = from;
        this.to = to;
        this.transition = transition;
        this.begun = begun;
        this.waiting = waiting;
        this.proceeding = proceeding;
        this.abandoned = abandoned;
    }

    Place from() {
        return from;
    }

    Place to() {
        return to;
    }

    Transition transition() {
        return transition;
    }

    LifecycleState state(Stage stage) {
        return switch (stage) {
            case BEGUN, FINISHING -> begun;
            case WAITING -> waiting;
            case PROCEEDING -> proceeding;
        };
    }

    Fate after(Result result) {
        return result == Result.CONTINUE ? Fate.PROCEED : abandoned;
    }

    /** Whether hooks may hold it; a discarded instance passes none. */
    boolean hooked() {
        return this != DISCARD && this != DISCARD_WARM;
    }

    /** Whether it is a launch: it has to come up in EC2 before its hooks begin. */
    boolean launching() {
        return transition == Transition.LAUNCHING;
    }
}
