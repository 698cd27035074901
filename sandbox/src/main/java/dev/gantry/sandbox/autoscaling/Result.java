package dev.gantry.sandbox.autoscaling;

/** The result of a lifecycle action; also a hook's default for an action that is not completed. */
enum Result {
    CONTINUE,
    ABANDON
}
