package dev.gantry.sandbox.agent;

import dev.gantry.sandbox.ec2.ShellResult;
import dev.gantry.sandbox.ssm.InvocationStatus;

/**
 * How a step ended, before the document has drawn its conclusions.
 *
 * @param code 168 and 169 end the document as a success or a failure, 194 asks for a reboot
 * @param lost whether the machine went down under it: it is run again when the machine is back
 */
record StepResult(InvocationStatus status, int code, String stdout, String stderr, boolean lost) {
    static final int EXIT_WITH_SUCCESS = 168;
    static final int EXIT_WITH_FAILURE = 169;
    static final int REBOOT = 194;
    /** Killed: what the agent takes for a timeout whoever did it. */
    static final int KILLED = 137;

    static StepResult success(String stdout) {
        return new StepResult(InvocationStatus.SUCCESS, 0, stdout, "", false);
    }

    static StepResult failure(String stderr) {
        return new StepResult(InvocationStatus.FAILED, 1, "", stderr, false);
    }

    static StepResult of(ShellResult result) {
        boolean lost = result.ending() == ShellResult.Ending.LOST;
        return new StepResult(status(result), result.code(), result.stdout(), explained(result), lost);
    }

    /** The same as a success, whatever the exit code was. */
    StepResult forgiven() {
        return new StepResult(InvocationStatus.SUCCESS, code, stdout, stderr, lost);
    }

    boolean wantsReboot() {
        return code == REBOOT;
    }

    private static InvocationStatus status(ShellResult result) {
        if (result.ending() == ShellResult.Ending.CANCELLED) {
            return InvocationStatus.CANCELLED;
        }
        return switch (result.code()) {
            case 0, EXIT_WITH_SUCCESS, REBOOT -> InvocationStatus.SUCCESS;
            case KILLED -> InvocationStatus.EXECUTION_TIMED_OUT;
            default -> InvocationStatus.FAILED;
        };
    }

    /** The agent adds a line to stderr where a script has not ended well. */
    private static String explained(ShellResult result) {
        if (status(result) == InvocationStatus.SUCCESS) {
            return result.stderr();
        }
        String why = result.code() == KILLED ? "signal: killed" : "exit status " + result.code();
        String line = "failed to run commands: " + why;
        return result.stderr().isEmpty() ? line : result.stderr().stripTrailing() + "\n" + line;
    }
}
