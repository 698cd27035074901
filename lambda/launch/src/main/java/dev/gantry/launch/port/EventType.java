package dev.gantry.launch.port;

import java.util.Locale;
import java.util.Optional;

/**
 * The types of lines in the journal. Each says once whether people may be paged about it, and which metric counts it; {@code
 * docs/operations.md} has the same table, and a linter compares the two.
 */
public enum EventType {
    /** A launch is about to be completed with CONTINUE; kind says why. */
    PROCEEDED(Telling.LOGGED, "Proceeded"),
    /** A launch is about to be abandoned; the reason, before it happens. */
    ABANDONED(Telling.PAGED, "Abandoned"),
    /** SendCommand was called for a batch; what became of each instance. */
    RUN_SENT(Telling.LOGGED, "RunsSent"),
    /** A run goes over the bastion, because Systems Manager cannot carry it; why says why. */
    FELL_BACK(Telling.LOGGED, "FallBacks"),
    /** Questions were sent over the bastion; which run each instance was asked about. */
    BASTION_ASKED(Telling.LOGGED),
    /** What was left as an answer is about something else, and counts for nothing. */
    ANSWER_ABOUT_ANOTHER_RUN(Telling.LOGGED),
    /** Asking after commands failed; the look goes on with what is known. */
    RUNS_NOT_LEARNED(Telling.LOGGED, "LooksFailed"),
    /** A command that Gantry did not send; whether it counts. */
    COMMAND_BY_HAND(Telling.LOGGED),
    /** A mistake that is new, with the instances that wait because of it. */
    MISCONFIGURED(Telling.PAGED, "Misconfigured"),
    /** A call to AWS failed; the instances are looked at again. */
    LOOK_FAILED(Telling.LOGGED, "LooksFailed"),
    /** An instance is in a lifecycle state that this version does not know; it is looked at again. */
    UNKNOWN_STATE(Telling.LOGGED),
    /** Gantry itself failed, with the trace. */
    DEFECT(Telling.PAGED, "Defects"),
    /** The hook has no active action for an instance that waits. */
    NO_ACTIVE_ACTION(Telling.LOGGED),
    /** A bundle was taken out. */
    BREAKER_OPENED(Telling.PAGED, "BreakersOpened"),
    /** The group's Launch process was suspended, by Gantry. */
    LAUNCHES_SUSPENDED(Telling.PAGED, "LaunchesSuspended"),
    /** Launches had to stop, and somebody else had stopped them before. */
    LAUNCHES_SUSPENDED_ALREADY(Telling.LOGGED),
    /** Counting failed; tried again with the next abandonment. */
    BREAKER_NOT_OPENED(Telling.PAGED),
    /** Suspending or noting it failed; tried again with the next look. */
    BREAKER_NOT_FINISHED(Telling.PAGED),
    /** The release of a fleet without waiting instances could not be read; the next sweep tries again. */
    BREAKER_NOT_READ(Telling.LOGGED),
    /** A failure could not be stored yet; the abandonment waits for it. */
    FAILURE_NOT_RECORDED(Telling.LOGGED),
    /** A success could not be noted in the release; the launch proceeded. */
    LAST_GOOD_NOT_KEPT(Telling.LOGGED),
    /** A page could not be put into the pager queue; its own line is the one before. */
    PAGE_NOT_SENT(Telling.LOGGED, "PagesNotSent"),
    /** A batch of the queue was worked off: messages, kept ones, decisions. */
    QUEUE_LOOKED(Telling.LOGGED),
    /** A message that asks for nothing. */
    MESSAGE_IGNORED(Telling.LOGGED),
    /**
     * Messages of one sender that cannot be read: count, kind, and the beginning of one as foreign_text; a page once
     * an hour for each kind and sender.
     */
    MALFORMED(Telling.PAGED, "Malformed"),
    /** The mark of who pages could not be written; the page was sent all the same. */
    PAGE_MARK_NOT_WRITTEN(Telling.LOGGED),
    /** A command whose end was announced could not be looked up; the message comes back. */
    COMMAND_NOT_READ(Telling.LOGGED),
    /** A message comes back after the queue's own timeout instead. */
    VISIBILITY_NOT_CHANGED(Telling.LOGGED),
    /** Of a sweep's batch, the instance that has waited longest: seconds, and percent of its launch deadline. */
    OLDEST_STAY(Telling.LOGGED),
    /** A sweep ended, with its decisions. */
    SWEPT(Telling.LOGGED, "Sweeps"),
    /** A proposed bundle became the current one. */
    BUNDLE_CURRENT(Telling.LOGGED),
    /** An operator lifted a quarantine or a suspension. */
    LIFTED(Telling.LOGGED);

    /** Who is told. */
    public enum Telling {
        /** The log alone. */
        LOGGED,
        /** The log, and the pager when it is new. */
        PAGED
    }

    private final Telling telling;
    private final Optional<String> metric;

    EventType(Telling telling) {
        this.telling = telling;
        this.metric = Optional.empty();
    }

    EventType(Telling telling, String metric) {
        this.telling = telling;
        this.metric = Optional.of(metric);
    }

    /** The line's {@code log_type}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean mayPage() {
        return telling == Telling.PAGED;
    }

    /** The metric that counts lines of this type. */
    public Optional<String> metric() {
        return metric;
    }
}
