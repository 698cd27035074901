package dev.gantry.launch.stay;

/** What an instance is asked over the bastion about one run. Each may be asked twice without harm. */
public enum Question {
    /** Begin it, unless it is known there already; then the answer is how far it is. */
    START,
    /** How far is it? Begins nothing. */
    STATUS,
    /** End it. */
    CANCEL
}
