package dev.gantry.sandbox.autoscaling;

/** The result of a lifecycle action; also a hook's default for an action that nobody completes. */
enum Result {
    CONTINUE,
    ABANDON
}
