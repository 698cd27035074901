package dev.gantry.sandbox.autoscaling;

import static dev.gantry.sandbox.autoscaling.Place.EC2;
import static dev.gantry.sandbox.autoscaling.Place.GROUP;
import static dev.gantry.sandbox.autoscaling.Place.WARM_POOL;
import static dev.gantry.sandbox.autoscaling.Transition.LAUNCHING;
import static dev.gantry.sandbox.autoscaling.Transition.TERMINATING;

/**
 * The state machine of an instance, as a table: each row is one way through it. Columns: where from, where to, which
 * hooks may hold it, the states that the API shows, and what an abandoned hook leads to (AS/lifecycle-hooks-overview,
 * AS/warm-pool-instance-lifecycle, AS/completing-lifecycle-hooks: ABANDON ends a launch, and lets a termination go on
 * without the remaining hooks; that it ends a return to the warm pool is derived from the states that instance
 * retention adds there).
 */
enum Journey {
    LAUNCH(EC2, GROUP, LAUNCHING, States.PENDING, Fate.DISCARD),
    WARM(EC2, WARM_POOL, LAUNCHING, States.WARMED_PENDING, Fate.DISCARD),
    SCALE_OUT(WARM_POOL, GROUP, LAUNCHING, States.PENDING, Fate.DISCARD),
    RETURN(GROUP, WARM_POOL, TERMINATING, States.WARMED_PENDING, Fate.DISCARD),
    TERMINATE(GROUP, EC2, TERMINATING, States.TERMINATING, Fate.PROCEED),
    DRAIN(WARM_POOL, EC2, TERMINATING, States.WARMED_TERMINATING, Fate.PROCEED),
    /** How an instance goes whose launch failed: unhooked and without an activity (public listings show none). */
    DISCARD(GROUP, EC2, TERMINATING, States.TERMINATING, Fate.PROCEED),
    DISCARD_WARM(WARM_POOL, EC2, TERMINATING, States.WARMED_TERMINATING, Fate.PROCEED);

    /** What an instance does after one of its hooks was abandoned. */
    enum Fate {
        PROCEED,
        DISCARD
    }

    private enum States {
        PENDING(LifecycleState.PENDING, LifecycleState.PENDING_WAIT, LifecycleState.PENDING_PROCEED),
        WARMED_PENDING(
                LifecycleState.WARMED_PENDING,
                LifecycleState.WARMED_PENDING_WAIT,
                LifecycleState.WARMED_PENDING_PROCEED),
        TERMINATING(LifecycleState.TERMINATING, LifecycleState.TERMINATING_WAIT, LifecycleState.TERMINATING_PROCEED),
        WARMED_TERMINATING(
                LifecycleState.WARMED_TERMINATING,
                LifecycleState.WARMED_TERMINATING_WAIT,
                LifecycleState.WARMED_TERMINATING_PROCEED);

        private final LifecycleState begun;
        private final LifecycleState waiting;
        private final LifecycleState proceeding;

        States(LifecycleState begun, LifecycleState waiting, LifecycleState proceeding) {
            this.begun = begun;
            this.waiting = waiting;
            this.proceeding = proceeding;
        }
    }

    private final Place from;
    private final Place to;
    private final Transition transition;
    private final States states;
    private final Fate abandoned;

    Journey(Place from, Place to, Transition transition, States states, Fate abandoned) {
        this.from = from;
        this.to = to;
        this.transition = transition;
        this.states = states;
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
            case BEGUN, FINISHING -> states.begun;
            case WAITING -> states.waiting;
            case PROCEEDING -> states.proceeding;
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
        return transition == LAUNCHING;
    }
}
