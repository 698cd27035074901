package dev.gantry.launch.port;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The types of lines in the journal. Each says once whether people may be paged about it, which metric counts it, and which
 * fields it may have; {@code
 * docs/operations.md} has the same table, and a linter compares the two.
 */
public enum EventType {
    /** A launch is about to be completed with CONTINUE; kind says why. */
    PROCEEDED(
            Telling.LOGGED,
            "Proceeded",
            List.of(
                    "fleet",
                    "instance",
                    "stay",
                    "gate",
                    "kind",
                    "why",
                    "seconds",
                    "run",
                    "bundle",
                    "channel",
                    "fallback",
                    "command")),
    /** A launch is about to be abandoned; the reason, before it happens. */
    ABANDONED(
            Telling.PAGED,
            "Abandoned",
            List.of(
                    "fleet",
                    "instance",
                    "stay",
                    "gate",
                    "kind",
                    "why",
                    "seconds",
                    "run",
                    "bundle",
                    "channel",
                    "fallback",
                    "command",
                    "cause",
                    "failed_run",
                    "failed_command",
                    "step",
                    "task",
                    "message",
                    "exit_code",
                    "tail")),
    /** SendCommand was called for a batch; the result for each instance. */
    RUN_SENT(Telling.LOGGED, "RunsSent", List.of("fleet", "bundle", "run", "attempt", "resend", "outcomes")),
    /** A run goes over the bastion, because Systems Manager cannot carry it; why says why. */
    FELL_BACK(Telling.LOGGED, "FallBacks", List.of("fleet", "instance", "run", "attempt", "bundle", "command", "why")),
    /** Questions were sent over the bastion; which run each instance was asked about. */
    BASTION_ASKED(Telling.LOGGED, List.of("fleet", "question", "runs")),
    /** The stored answer is about another run, and is ignored. */
    ANSWER_ABOUT_ANOTHER_RUN(Telling.LOGGED, List.of("fleet", "instance", "run", "said")),
    /** The commands' status could not be read; the look continues with what is known. */
    RUNS_NOT_LEARNED(Telling.LOGGED, "LooksFailed", List.of("fleet", "kind", "error")),
    /** A command that Gantry did not send; whether it counts. */
    COMMAND_BY_HAND(Telling.LOGGED, List.of("fleet", "instance", "command", "document", "version", "counts")),
    /** A new configuration error, with the instances that wait because of it. */
    MISCONFIGURED(Telling.PAGED, "Misconfigured", List.of("fleet", "instances", "kind", "error", "errors")),
    /** A call to AWS failed; the instances are looked at again. */
    LOOK_FAILED(Telling.LOGGED, "LooksFailed", List.of("fleet", "instance", "instances", "kind", "error")),
    /** An instance is in a lifecycle state that this version does not know; it is looked at again. */
    UNKNOWN_STATE(Telling.LOGGED, List.of("fleet", "instance", "state")),
    /** Gantry itself failed, with the trace. */
    DEFECT(Telling.PAGED, "Defects", List.of("instances", "messages", "trace")),
    /** The hook has no active action for an instance that waits. */
    NO_ACTIVE_ACTION(Telling.LOGGED, List.of("fleet", "instance", "stay", "closed")),
    /** A bundle was quarantined. */
    BREAKER_OPENED(Telling.PAGED, "BreakersOpened", List.of("fleet", "bundle", "reason", "current")),
    /** The group's Launch process was suspended, by Gantry. */
    LAUNCHES_SUSPENDED(Telling.PAGED, "LaunchesSuspended", List.of("fleet", "why")),
    /** Launches had to stop, and somebody else had stopped them before. */
    LAUNCHES_SUSPENDED_ALREADY(Telling.LOGGED, List.of("fleet", "abandonments")),
    /** Counting failed; tried again with the next abandonment. */
    BREAKER_NOT_OPENED(Telling.PAGED, List.of("fleet", "error")),
    /** Suspending or noting it failed; tried again with the next look. */
    BREAKER_NOT_FINISHED(Telling.PAGED, List.of("fleet", "error")),
    /** The release of a fleet without waiting instances could not be read; the next sweep tries again. */
    BREAKER_NOT_READ(Telling.LOGGED, List.of("fleet", "error")),
    /** A failure could not be stored yet; the abandonment waits for it. */
    FAILURE_NOT_RECORDED(Telling.LOGGED, List.of("fleet", "instance", "error")),
    /** A success could not be noted in the release; the launch proceeded. */
    LAST_GOOD_NOT_KEPT(Telling.LOGGED, List.of("fleet", "bundle", "error")),
    /** A page could not be put into the pager queue; its own line is the one before. */
    PAGE_NOT_SENT(Telling.LOGGED, "PagesNotSent", List.of("of", "error")),
    /** A batch of the queue was handled: messages, kept ones, decisions. */
    QUEUE_LOOKED(Telling.LOGGED, List.of("messages", "kept", "decisions")),
    /** A message that needs no action. */
    MESSAGE_IGNORED(Telling.LOGGED, List.of("message", "instance", "why")),
    /**
     * Messages of one sender that cannot be read: count, kind, and the beginning of one as foreign_text; a page once
     * an hour for each kind and sender.
     */
    MALFORMED(
            Telling.PAGED,
            "Malformed",
            List.of("count", "kind", "sender", "messages", "why", "foreign_text", "error", "not_paged_before")),
    /** The mark that lets one function page could not be written; the page was sent anyway. */
    PAGE_MARK_NOT_WRITTEN(Telling.LOGGED, List.of("kind", "error")),
    /** A command whose end was announced could not be looked up; the message comes back. */
    COMMAND_NOT_READ(Telling.LOGGED, List.of("command", "error")),
    /** A message comes back after the queue's own timeout instead. */
    VISIBILITY_NOT_CHANGED(Telling.LOGGED, List.of("message", "error")),
    /** The instance of a sweep's batch that has waited longest: seconds, and percent of its launch deadline. */
    OLDEST_STAY(Telling.LOGGED, List.of("fleet", "instance", "seconds", "deadline_seconds", "percent")),
    /** A sweep ended, with its decisions. */
    SWEPT(Telling.LOGGED, "Sweeps", List.of("decisions")),
    /** A proposed bundle became the current one; {@code by} as the caller says. */
    BUNDLE_CURRENT(Telling.LOGGED, List.of("fleet", "bundle", "by")),
    /** An operator lifted a quarantine or a suspension; {@code by} as the caller says. */
    LIFTED(Telling.LOGGED, List.of("fleet", "done", "by")),
    /** An operator holds an instance, takes the hold back, or has it run once more; {@code by} as the caller says. */
    INTERVENED(Telling.LOGGED, List.of("action", "by", "fleet", "instance", "stay", "message")),
    /** An operator has the dead-letter queue's messages moved back to the launch queue. */
    REDRIVEN(Telling.LOGGED, List.of("by", "messages"));

    /** Who is told. */
    public enum Telling {
        /** The log alone. */
        LOGGED,
        /** The log, and the pager when it is new. */
        PAGED
    }

    private final Telling telling;
    private final Optional<String> metric;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> fields;

    EventType(Telling telling, List<String> fields) {
        this.telling = telling;
        this.metric = Optional.empty();
        this.fields = Set.copyOf(fields);
    }

    EventType(Telling telling, String metric, List<String> fields) {
        this.telling = telling;
        this.metric = Optional.of(metric);
        this.fields = Set.copyOf(fields);
    }

    /** The line's {@code log_type}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean mayPage() {
        return telling == Telling.PAGED;
    }

    /** The fields that a line of this type may have, each with its one spelling; the journal adds those of every line. */
    public Set<String> fields() {
        return fields;
    }

    /** The metric that counts lines of this type. */
    public Optional<String> metric() {
        return metric;
    }
}
