package dev.gantry.launch.stay;

/** What carries a run to its instance; both end in the same script there, under the same lock. */
public enum Channel {
    /** Run Command of Systems Manager. */
    SSM,
    /** SSH through a bastion: the fallback, if the fleet has one. */
    BASTION
}
