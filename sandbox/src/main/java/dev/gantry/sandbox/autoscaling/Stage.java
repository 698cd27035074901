package dev.gantry.sandbox.autoscaling;

/** How far an instance has come on its {@link Journey}. */
enum Stage {
    /** Begun; EC2 still works on it, or no look has been taken yet. No lifecycle action is active. */
    BEGUN,
    /** At least one hook holds it. */
    WAITING,
    /** Released by its hooks. */
    PROCEEDING,
    /**
     * Past the point where a hook could have held it, and none did: the API goes on showing the state of {@link
     * #BEGUN}.
     */
    FINISHING
}
