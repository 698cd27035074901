package dev.gantry.aws;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.launch.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out of a run's output what failed: the Ansible task and its message, or why Ansible did not come to run a task.
 *
 * <p>Knows the shapes of ansible-core's default callback, 2.14 to 2.19: {@code fatal: [host]: FAILED! => {json}} on one line or
 * indented over several, {@code failed: [host] (item=x) => {json}}, {@code UNREACHABLE!}, {@code ...ignoring} after a failure
 * that does not count, {@code ERROR!} and {@code [ERROR]:}. Systems Manager cuts the output, so the JSON may end anywhere. Pure.
 */
final class AnsibleOutput {
    private static final Pattern TASK =
            Pattern.compile("^(?:TASK|RUNNING HANDLER) \\[(.*)] \\*{3,}\\s*$", Pattern.MULTILINE);
    private static final Pattern FAILURE = Pattern.compile(
            "^(?:fatal|failed): \\[[^\\]]*\\](?: \\(item=.*?\\))?:? ?(?:FAILED!|UNREACHABLE!)? ?=> ?",
            Pattern.MULTILINE);
    private static final Pattern END_OF_RESULT = Pattern.compile(
            "^(?:(?:TASK|RUNNING HANDLER|PLAY|PLAY RECAP)\\b|(?:ok|changed|skipping|fatal|failed): \\[|\\.\\.\\.ignoring)",
            Pattern.MULTILINE);
    private static final Pattern ERROR =
            Pattern.compile("^(?:ERROR! |\\[ERROR\\]: )(.+(?:\\R(?!\\s*$).+){0,4})", Pattern.MULTILINE);
    /** Possessive: a backtracking repetition over a long text ends in a stack overflow. */
    private static final Pattern CUT_MESSAGE = Pattern.compile("\"msg\": ?\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)");

    private static final Pattern YAML_MESSAGE = Pattern.compile("^ +msg: ?(.+)$", Pattern.MULTILINE);
    private static final Pattern NO_PLAYBOOK =
            Pattern.compile("(?im)^.*(?:playbook file doesn't exist|the playbook: .* could not be found).*$");
    private static final Pattern NO_ANSIBLE = Pattern.compile("(?m)^.*ansible-playbook: (?:command )?not found.*$");
    private static final Pattern NO_DEPENDENCIES = Pattern.compile("(?im)^.*(?:externally-managed-environment"
            + "|No matching distribution found|Could not find a version that satisfies|Temporary failure in name resolution"
            + "|Could not resolve host|Unable to locate package|pip3?: (?:command )?not found|No module named pip).*$");
    private static final Pattern STARTED = Pattern.compile("^PLAY \\[", Pattern.MULTILINE);
    private static final Pattern NOISE =
            Pattern.compile("(?:-{5,}.*|PLAY RECAP.*|\\S+ +: ok=\\d.*|--output truncated--|"
                    + "failed to run commands: exit status \\d+|\\*+)");

    private AnsibleOutput() {}

    /** Whose fault a failure is. */
    enum Fault {
        /** The bundle's: a task, a syntax error, a playbook that is not in it. */
        BUNDLE,
        /** The instance's or its image's: the bundle never came to run. */
        INSTANCE
    }

    /**
     * What failed.
     *
     * @param task the failing task's name, where one had begun
     * @param message one line
     */
    record Finding(Optional<String> task, String message, Fault fault) {}

    /** Reads a step's standard output and standard error. */
    static Finding read(String stdout, String stderr) {
        String output = stdout + "\n" + stderr;
        return failedTask(stdout)
                .or(() -> noPlaybook(output))
                .or(() -> STARTED.matcher(stdout).find() ? Optional.empty() : neverStarted(output))
                .or(() -> error(output))
                .orElseGet(() -> new Finding(lastTask(stdout), lastLine(stdout, stderr), Fault.BUNDLE));
    }

    /** The task that had begun last, for a run that did not come to an end; a playbook may leave it without a name. */
    static Optional<String> lastTask(String stdout) {
        List<String> tasks =
                TASK.matcher(stdout).results().map(match -> match.group(1)).toList();
        return tasks.isEmpty()
                ? Optional.empty()
                : Optional.of(tasks.get(tasks.size() - 1)).filter(t -> !t.isBlank());
    }

    /** The last failure that was not ignored: an earlier one was rescued, or the play would have ended there. */
    private static Optional<Finding> failedTask(String stdout) {
        Optional<Finding> last = Optional.empty();
        Matcher failure = FAILURE.matcher(stdout);
        while (failure.find()) {
            Matcher end = END_OF_RESULT.matcher(stdout);
            boolean ends = end.find(failure.end());
            String result = stdout.substring(failure.end(), ends ? end.start() : stdout.length());
            if (!(ends && end.group().equals("...ignoring"))) {
                Optional<String> task = lastTask(stdout.substring(0, failure.start()));
                last = Optional.of(new Finding(task, message(result), Fault.BUNDLE));
            }
        }
        return last;
    }

    private static String message(String result) {
        return Json.tree(firstObject(result))
                .filter(JsonNode::isObject)
                .map(AnsibleOutput::message)
                .or(() -> first(CUT_MESSAGE, result).map(AnsibleOutput::unescaped))
                .or(() -> first(YAML_MESSAGE, result))
                .filter(message -> !message.isBlank())
                .or(() -> Optional.of(oneLine(result)).filter(rest -> !rest.isBlank()))
                .orElse("the task failed, and its result was cut off");
    }

    private static String message(JsonNode result) {
        List<String> parts = new ArrayList<>();
        text(result, "msg")
                .or(() -> text(result, "censored"))
                .or(() -> text(result, "reason"))
                .ifPresent(parts::add);
        if (result.path("rc").isInt() && result.path("rc").intValue() != 0) {
            parts.add("rc " + result.path("rc").intValue());
        }
        if (result.path("assertion").isTextual()) {
            parts.add("assertion: " + result.path("assertion").textValue());
        }
        text(result, "stderr")
                .or(() -> text(result, "module_stderr"))
                .or(() -> text(result, "stdout"))
                .map(AnsibleOutput::lastLine)
                .filter(line -> !line.isEmpty() && parts.stream().noneMatch(part -> part.contains(line)))
                .ifPresent(parts::add);
        return parts.isEmpty() ? oneLine(result.toString()) : oneLine(String.join("; ", parts));
    }

    private static Optional<String> text(JsonNode result, String field) {
        JsonNode value = result.path(field);
        if (value.isArray()) {
            List<String> lines = new ArrayList<>();
            value.forEach(line -> lines.add(line.asText()));
            return Optional.of(String.join(" ", lines));
        }
        return Optional.of(value)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(t -> !t.isBlank());
    }

    private static Optional<Finding> noPlaybook(String output) {
        return whole(NO_PLAYBOOK, output).map(line -> new Finding(Optional.empty(), oneLine(line), Fault.BUNDLE));
    }

    private static Optional<Finding> neverStarted(String output) {
        return whole(NO_DEPENDENCIES, output)
                .map(line -> "Ansible could not be installed: " + oneLine(line))
                .or(() -> whole(NO_ANSIBLE, output)
                        .map(line -> "Ansible is not installed on the instance: bake it into the image, or set"
                                + " installDependencies in the fleet's settings"))
                .map(message -> new Finding(Optional.empty(), message, Fault.INSTANCE));
    }

    private static Optional<Finding> error(String output) {
        return first(ERROR, output)
                .filter(text -> !oneLine(text).isEmpty())
                .map(text -> new Finding(lastTask(output), oneLine(text), Fault.BUNDLE));
    }

    /** What stands between the first brace and the one that closes it, or the rest where it was cut. */
    private static String firstObject(String text) {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '{') {
                depth++;
            } else if (!quoted && c == '}' && --depth == 0) {
                return text.substring(0, i + 1);
            }
        }
        return text;
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<String> whole(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
    }

    private static String unescaped(String json) {
        return Json.tree("\"" + json + "\"")
                .map(JsonNode::textValue)
                .map(AnsibleOutput::oneLine)
                .orElseGet(() -> oneLine(json));
    }

    private static String lastLine(String stdout, String stderr) {
        String line = lastLine(stderr);
        line = line.isEmpty() ? lastLine(stdout) : line;
        return line.isEmpty() ? "the step failed without a word" : line;
    }

    private static String lastLine(String text) {
        List<String> lines = text.lines()
                .map(AnsibleOutput::oneLine)
                .filter(line -> !line.isEmpty() && !NOISE.matcher(line).matches())
                .toList();
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }

    private static String oneLine(String text) {
        return Text.clip(text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip(), 500);
    }
}
