package dev.gantry.stored;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the hardened document says of a run: the first line of its standard output is one JSON object (see
 * ssm-documents/README.md), short enough for the 2,500 bytes that Run Command's lists keep. Other documents' output has
 * no such line, and so has that of a script that was killed.
 *
 * @param kind what failed: bundle, dependencies, playbook, readiness, timeout, busy, options, internal, ended
 * @param fault what is to blame: the bundle, or the infrastructure
 * @param task the failing Ansible task, where one failed
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
        /** It did not come to run, or was ended from outside: it is tried again. */
        NOBODY
    }

    /** Whether the output begins with such a line, of whatever result and format. */
    public static boolean isOne(String stdout) {
        return stdout.startsWith("{")
                && Json.tree(firstLine(stdout))
                        .filter(json -> json.has("gantry"))
                        .isPresent();
    }

    /** How long each phase of the run took, in their order; empty where the output has no such line. */
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

    /** The output after the line; all of it where it has none. */
    public static String after(String stdout) {
        return isOne(stdout)
                ? stdout.substring(Math.min(stdout.length(), firstLine(stdout).length() + 1))
                : stdout;
    }

    private static String firstLine(String stdout) {
        int end = stdout.indexOf('\n');
        return end < 0 ? stdout : stdout.substring(0, end);
    }

    /** The line of a run that failed; empty where the output has none, or one of a success, or of a format to come. */
    public static Optional<ResultLine> ofFailure(String stdout) {
        String line = firstLine(stdout);
        String rest = stdout.substring(Math.min(stdout.length(), line.length() + 1));
        return Json.tree(line).flatMap(json -> ofFailure(json, rest));
    }

    /** The same of a line that was read already. */
    public static Optional<ResultLine> ofFailure(JsonNode json, String rest) {
        return json.path("gantry").asInt() == FORMAT
                        && FAULTS.containsKey(json.path("fault").asText())
                ? Optional.of(of(json, rest))
                : Optional.empty();
    }

    /**
     * What the failure means; the exit code tells the kind too, and the line says it in words.
     *
     * @param step what ran
     * @param output for people
     */
    public Verdict verdict(String step, int exitCode, String output) {
        String said = kind + ": " + message;
        return switch (fault) {
            case BUNDLE -> new Verdict.RunFailed(new Failure(step, task, said, exitCode, output));
            case INSTANCE -> new Verdict.Refused("step " + step + ": " + said);
            case NOBODY -> new Verdict.Undelivered(said);
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
