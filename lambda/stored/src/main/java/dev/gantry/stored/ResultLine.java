package dev.gantry.stored;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The hardened document's result of a run: the first line of its standard output is one JSON object (see
 * ssm-documents/README.md), short enough for the 2,500 bytes that Run Command's lists keep. The output of other documents,
 * and of a script that was killed, has no such line.
 *
 * @param kind what failed: bundle, dependencies, playbook, readiness, timeout, busy, options, internal, ended
 * @param fault what is to blame: the bundle, or the infrastructure
 * @param task the failing Ansible task, if one failed
 * @param message one line for people
 * @param rest the output after the line: the end of Ansible's own
 */
public record ResultLine(String kind, Fault fault, Optional<String> task, String message, String rest) {
    /** The version of the line's format that this code reads. */
    private static final int FORMAT = 1;

    private static final Map<String, Fault> FAULTS =
            Map.of("bundle", Fault.BUNDLE, "instance", Fault.INSTANCE, "nobody", Fault.NOBODY);

    /** What is to blame for a failure. */
    public enum Fault {
        BUNDLE,
        INSTANCE,
        /** The run did not start, or was ended from outside: it is tried again. */
        NOBODY
    }

    /** Whether the output begins with such a line, with any result and format. */
    public static boolean isOne(String stdout) {
        return stdout.startsWith("{")
                && Json.tree(firstLine(stdout))
                        .filter(json -> json.has("gantry"))
                        .isPresent();
    }

    /** The duration of each phase of the run, in order; empty if the output has no such line. */
    public static Map<String, Duration> phases(String stdout) {
        Map<String, Duration> phases = new LinkedHashMap<>();
        Json.tree(firstLine(stdout))
                .filter(json -> json.path("gantry").asInt() == FORMAT)
                .ifPresent(json -> json.path("phases").properties().forEach(phase -> {
                    if (phase.getValue().isNumber() && phase.getValue().asDouble() >= 0) {
                        phases.put(
                                phase.getKey(),
                                Duration.ofMillis(Math.round(phase.getValue().asDouble() * 1000)));
                    }
                }));
        return phases;
    }

    /** The output after the line; the whole output if it has no such line. */
    public static String after(String stdout) {
        return isOne(stdout)
                ? stdout.substring(Math.min(stdout.length(), firstLine(stdout).length() + 1))
                : stdout;
    }

    private static String firstLine(String stdout) {
        int end = stdout.indexOf('\n');
        return end < 0 ? stdout : stdout.substring(0, end);
    }

    /** The line of a run that failed; empty if there is none, or if it is of a success or of a newer format. */
    public static Optional<ResultLine> ofFailure(String stdout) {
        String line = firstLine(stdout);
        String rest = stdout.substring(Math.min(stdout.length(), line.length() + 1));
        return Json.tree(line).flatMap(json -> ofFailure(json, rest));
    }

    /** The same for a line that was read already. */
    public static Optional<ResultLine> ofFailure(JsonNode json, String rest) {
        return json.path("gantry").asInt() == FORMAT
                        && FAULTS.containsKey(json.path("fault").asText())
                ? Optional.of(of(json, rest))
                : Optional.empty();
    }

    /**
     * The meaning of the failure. The exit code gives the kind, too; the line has it in words.
     *
     * @param step what ran
     * @param output for people
     */
    public Verdict verdict(String step, int exitCode, String output) {
        String said = kind + ": " + message;
        return switch (fault) {
            case BUNDLE -> new Verdict.RunFailed(new Failure(step, task, said, exitCode, output));
            case INSTANCE -> new Verdict.Refused("step " + step + ": " + said);
                // The instance itself says so: the channel worked.
            case NOBODY -> Verdict.Undelivered.bySurroundings(said);
        };
    }

    private static ResultLine of(JsonNode json, String rest) {
        return new ResultLine(
                json.path("kind").asText(),
                FAULTS.get(json.path("fault").asText()),
                Optional.of(json.path("task").asText()).filter(task -> !task.isEmpty()),
                json.path("message").asText(),
                rest);
    }
}
