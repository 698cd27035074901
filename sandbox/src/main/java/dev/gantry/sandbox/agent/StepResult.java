package dev.gantry.sandbox.agent;

import dev.gantry.sandbox.ec2.Bytes;
import dev.gantry.sandbox.ec2.ShellResult;

/**
 * How a plugin ended, before the document's rules are applied.
 *
 * @param code 168 and 169 end the document as a success or a failure, 194 asks for a reboot
 * @param lost whether the machine went down under it: it is run again when the machine is back
 */
record StepResult(AgentStatus status, int code, Bytes stdout, Bytes stderr, boolean lost) {
    static final int EXIT_WITH_SUCCESS = 168;
    static final int EXIT_WITH_FAILURE = 169;
    static final int REBOOT = 194;
    /** Killed: what the agent takes for a timeout, whatever did it. */
    static final int KILLED = 137;

    private static final String[] SIGNALS = {
        "hangup",
        "interrupt",
        "quit",
        "illegal instruction",
        "trace/breakpoint trap",
        "aborted",
        "bus error",
        "floating point exception",
        "killed",
        "user defined signal 1",
        "segmentation fault",
        "user defined signal 2",
        "broken pipe",
        "alarm clock",
        "terminated"
    };

    static StepResult success(String stdout) {
        return new StepResult(AgentStatus.SUCCESS, 0, Bytes.of(stdout), Bytes.NONE, false);
    }

    static StepResult failure(String stderr) {
        return new StepResult(AgentStatus.FAILED, 1, Bytes.NONE, Bytes.of(stderr), false);
    }

    /** A step that the agent no longer begins. */
    static StepResult cancelled() {
        return new StepResult(AgentStatus.CANCELLED, 1, Bytes.NONE, Bytes.NONE, false);
    }

    /**
     * What the agent makes of a script (executers.ExecuteCommand and pluginutil.GetStatus). A failed one gets a line more in
     * stderr, right after the script's own last byte.
     */
    static StepResult of(ShellResult result) {
        return switch (result.ending()) {
            case LOST -> new StepResult(AgentStatus.CANCELLED, 1, result.stdout(), result.stderr(), true);
            case CANCELLED -> ended(result, AgentStatus.CANCELLED);
            case TIMED_OUT -> ended(result, AgentStatus.TIMED_OUT);
            case NOT_STARTED -> failure("failed to run commands: fork/exec /usr/bin/sh: "
                    + result.stderr().text());
            case SIGNALLED -> new StepResult(
                    AgentStatus.FAILED,
                    -1,
                    result.stdout(),
                    result.stderr().plus("failed to run commands: signal: " + signal(result.code())),
                    false);
            case EXITED -> exited(result);
        };
    }

    private static StepResult exited(ShellResult result) {
        return switch (result.code()) {
            case 0 -> ended(result, AgentStatus.SUCCESS);
            case REBOOT -> ended(result, AgentStatus.SUCCESS_AND_REBOOT);
            case KILLED -> ended(result, AgentStatus.TIMED_OUT);
            default -> new StepResult(
                    AgentStatus.FAILED,
                    result.code(),
                    result.stdout(),
                    result.stderr().plus("failed to run commands: exit status " + result.code()),
                    false);
        };
    }

    private static StepResult ended(ShellResult result, AgentStatus status) {
        return new StepResult(status, result.code(), result.stdout(), result.stderr(), false);
    }

    /** As Go's syscall.Signal names it on Linux. */
    private static String signal(int number) {
        return number >= 1 && number <= SIGNALS.length ? SIGNALS[number - 1] : "signal " + number;
    }
}
