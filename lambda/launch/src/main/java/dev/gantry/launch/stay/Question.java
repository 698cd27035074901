package dev.gantry.launch.stay;

/** What an instance is asked over the bastion about one run. Each question is idempotent. */
public enum Question {
    /** Begin the run, unless the instance knows it already; then the answer is its progress. */
    START,
    /** Ask for the run's progress. Begins nothing. */
    STATUS,
    /** End the run. */
    CANCEL
}
