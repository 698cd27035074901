package dev.gantry.launch.stay;

import dev.gantry.launch.text.Text;
import java.util.Optional;

/**
 * Why a run failed, for people.
 *
 * @param step the document's step that failed, for example {@code runShellScript}
 * @param task the Ansible task that failed, if its output names one
 * @param message one line: the task's message, or the last line with text
 * @param exitCode the step's exit code as Systems Manager reports it
 * @param tail the end of the output, at most {@link #TAIL_LIMIT} characters
 */
public record Failure(String step, Optional<String> task, String message, int exitCode, String tail) {
    public static final int TAIL_LIMIT = 4000;
    private static final int MESSAGE_LIMIT = 500;

    public Failure {
        message = Text.clip(message, MESSAGE_LIMIT);
        tail = Text.tail(tail, TAIL_LIMIT);
    }

    /** One sentence: the task and its message. */
    public String summary() {
        return task.map(name -> "task '" + name + "': " + message)
                .orElse("step " + step + " exited " + exitCode + ": " + message);
    }
}
