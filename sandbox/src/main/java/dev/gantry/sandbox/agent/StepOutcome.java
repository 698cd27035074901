package dev.gantry.sandbox.agent;

import dev.gantry.sandbox.ec2.Bytes;
import dev.gantry.sandbox.ssm.StepReport;
import java.time.Instant;
import java.util.Optional;

/**
 * A step as the agent keeps it while the document runs (contracts.PluginResult).
 *
 * @param stdout whole, as far as the machine kept it; cut when it is reported
 * @param stderr likewise
 * @param output both streams in 2,500 bytes, from before the agent added sentences of its own; or why a step was skipped
 * @param error why a step was not even tried
 */
record StepOutcome(
        String name,
        AgentStatus status,
        int code,
        Bytes stdout,
        Bytes stderr,
        String output,
        Optional<String> error,
        Instant started,
        Instant finished) {

    private static final String FURTHER = " Further document steps will be skipped.";
    private static final String ADDED_BY_168 =
            "\nStep exited with code 168. Therefore, marking step as succeeded." + FURTHER;
    private static final String ADDED_BY_169 =
            "\nStep exited with code 169. Therefore, marking step as Failed." + FURTHER;
    private static final String ADDED_BY_ON_FAILURE = "\nStep was found to have onFailure property." + FURTHER;

    /** A step that is about to run. */
    static StepOutcome begun(String name, Instant now) {
        return new StepOutcome(
                name, AgentStatus.NOT_STARTED, 0, Bytes.NONE, Bytes.NONE, "", Optional.empty(), now, now);
    }

    StepOutcome skipped(String why, Instant now) {
        return new StepOutcome(
                name, AgentStatus.SKIPPED, 0, Bytes.NONE, Bytes.NONE, why, Optional.empty(), started, now);
    }

    StepOutcome refused(String why, Instant now) {
        return new StepOutcome(name, AgentStatus.FAILED, 0, Bytes.NONE, Bytes.NONE, "", Optional.of(why), started, now);
    }

    /**
     * A step that was executed, with what the agent adds (runpluginutil.RunPlugins): 168 makes it a success, and forgets its
     * stderr; {@code onFailure: successAndExit} makes a failure a 168. {@code onFailure} counts for Failed only, so not for
     * TimedOut.
     */
    StepOutcome ended(StepResult result, String onFailure, Instant now) {
        Bytes stdout = result.stdout();
        Bytes stderr = result.stderr();
        String output =
                new Output(stdout, result.code() == StepResult.EXIT_WITH_SUCCESS ? Bytes.NONE : stderr).combined();
        AgentStatus status = result.status();
        int code = result.code();
        if (code == StepResult.EXIT_WITH_SUCCESS) {
            status = AgentStatus.SUCCESS;
            stdout = stdout.plus(ADDED_BY_168);
            stderr = Bytes.NONE;
        } else if (code == StepResult.EXIT_WITH_FAILURE) {
            stdout = stdout.plus(ADDED_BY_169);
            stderr = stderr.plus(ADDED_BY_169);
        } else if (status == AgentStatus.FAILED && (onFailure.equals("exit") || onFailure.equals("successAndExit"))) {
            stdout = stdout.plus(ADDED_BY_ON_FAILURE);
            stderr = stderr.plus(ADDED_BY_ON_FAILURE);
            if (onFailure.equals("successAndExit")) {
                status = AgentStatus.SUCCESS;
                code = StepResult.EXIT_WITH_SUCCESS;
            }
        }
        return new StepOutcome(name, status, code, stdout, stderr, output, Optional.empty(), started, now);
    }

    /** Whether it ends the document by its exit code, whatever its inputs say. */
    boolean exitsTheDocument() {
        return code == StepResult.EXIT_WITH_SUCCESS || code == StepResult.EXIT_WITH_FAILURE;
    }

    /**
     * As the service shows it: a failure has a code other than 0, and what was not tried has its reason as output. A skipped
     * step's reason is shown as its standard output, too.
     */
    StepReport report() {
        return new StepReport(
                name,
                status.shown(),
                reportedCode(),
                status == AgentStatus.SKIPPED ? output : Output.cut(stdout).text(),
                Output.cut(stderr).text(),
                reportedOutput(),
                started,
                finished);
    }

    String reportedOutput() {
        return error.orElse(output);
    }

    int reportedCode() {
        return status == AgentStatus.FAILED && code == 0 ? 1 : code;
    }
}
