package dev.gantry.aws.ssm.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.launch.text.Text;
import dev.gantry.stored.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds in a run's output what failed: the Ansible task and its message, or the reason why Ansible ran no task.
 *
 * <p>Knows the shapes of ansible-core's default callback, 2.14 to 2.21: {@code fatal: [host]: FAILED! => {json}} on one line or
 * indented over several, the same in YAML, {@code failed: [host] (item=x) => {json}}, {@code UNREACHABLE!}, {@code ...ignoring}
 * after a failure that does not count, {@code ERROR!} and {@code [ERROR]:}; and of the callbacks minimal, oneline and json, which
 * do not name the task, or only in one JSON object. Systems Manager cuts the output, so it may end anywhere. It
 * also knows the messages with which the script of AWS-ApplyAnsiblePlaybooks ends before Ansible starts. Pure.
 */
public final class AnsibleOutput {
    private static final Pattern TASK =
            Pattern.compile("^(?:TASK|RUNNING HANDLER) \\[(.*)] \\*{3,}\\s*$", Pattern.MULTILINE);
    private static final Pattern FAILURE = Pattern.compile(
            "^(?:fatal|failed): \\[[^\\]]*\\](?: \\(item=.*?\\))?:? ?(?:FAILED!|UNREACHABLE!)? ?=> ?",
            Pattern.MULTILINE);
    private static final Pattern END_OF_RESULT = Pattern.compile(
            "^(?:(?:TASK|RUNNING HANDLER|PLAY|PLAY RECAP)\\b|(?:ok|changed|skipping|fatal|failed):"
                    + " \\[|\\.\\.\\.ignoring)",
            Pattern.MULTILINE);
    private static final Pattern ERROR =
            Pattern.compile("^(?:ERROR! |\\[ERROR\\]: )(.+(?:\\R(?!\\s*$).+){0,4})", Pattern.MULTILINE);
    /** Possessive: a backtracking repetition over a long text ends in a stack overflow. */
    private static final Pattern CUT_MESSAGE = Pattern.compile("\"msg\": ?\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)");

    /** Results of the callbacks minimal and oneline: with JSON, or with the output of a command. */
    private static final Pattern BARE_FAILURE = Pattern.compile(
            "^\\S+ \\| (?:(?:FAILED!|UNREACHABLE!) => ?|FAILED \\| rc=(-?\\d+) (?:>>\\n?|\\| ?))", Pattern.MULTILINE);

    private static final Pattern BARE_RESULT =
            Pattern.compile("^\\S+ \\| (?:SUCCESS|CHANGED|FAILED|UNREACHABLE|SKIPPED)\\b", Pattern.MULTILINE);

    private static final Pattern DAMAGED_ZIP = Pattern.compile("(?m)^.*(?:bad CRC [0-9a-f]{8}"
            + "|invalid compressed data to |bad zipfile offset|unsupported compression method"
            + "|need PK compat\\. v|invalid zip file).*$");
    private static final Pattern DISK_FULL = Pattern.compile("(?im)^.*write error \\(disk full\\?\\).*$");
    static final Pattern UNPACKED = Pattern.compile("(?m)^ *(?:inflating|extracting|creating|linking): ");
    private static final Pattern WARNING =
            Pattern.compile("(?m)^\\[(?:DEPRECATION )?WARNING]: .*(?:\\n(?!\\s*$|\\[|ERROR).*)*+");
    private static final Pattern STARTED = Pattern.compile("^PLAY \\[", Pattern.MULTILINE);
    private static final Pattern NOISE =
            Pattern.compile("(?:-{5,}.*|PLAY RECAP.*|\\S+ +: ok=\\d.*|--output truncated--|---(?:Output|Error)"
                    + " truncated-{3,4}|\\*+|[|>][0-9+-]{0,2}|[\\[\\]{}],?| *(?:inflating|extracting|creating): .*)");

    private AnsibleOutput() {}

    /** What is to blame for a failure. */
    public enum Fault {
        /** The bundle: a task, a syntax error, a playbook that is not in it. */
        BUNDLE,
        /** The instance or its image: the bundle was never run. */
        INSTANCE
    }

    /**
     * What failed.
     *
     * @param task the failing task's name, if a task had begun
     * @param message one line
     */
    public record Finding(Optional<String> task, String message, Fault fault) {}

    /** Reads a step's standard output and standard error. */
    public static Finding read(String standardOutput, String standardError) {
        String stdout = OutputText.plain(standardOutput);
        String stderr = OutputText.plain(standardError);
        String output = stdout + "\n" + stderr;
        boolean cut = OutputText.isCut(standardOutput);
        boolean started = STARTED.matcher(stdout).find();
        return damagedBundle(standardOutput, standardError)
                .or(() -> failedTask(stdout, cut))
                .or(() -> bareFailure(stdout))
                .or(() -> jsonFailure(stdout))
                .or(() -> started ? Optional.empty() : AnsibleStart.missing(output))
                .or(() -> error(output))
                .or(() -> cut ? Optional.of(endIsMissing(stdout)) : Optional.empty())
                .orElseGet(() -> new Finding(lastTask(stdout), lastLine(stdout, stderr), Fault.BUNDLE));
    }

    /**
     * The failure to unpack a member of the zip. AWS's script continues after that, so the output of a successful run can also
     * show it. What Ansible printed later does not count.
     */
    public static Optional<Finding> damagedBundle(String standardOutput, String standardError) {
        String stdout = OutputText.plain(standardOutput);
        Matcher started = STARTED.matcher(stdout);
        String unpacking = (started.find() ? stdout.substring(0, started.start()) : stdout) + "\n"
                + OutputText.plain(standardError);
        return whole(DISK_FULL, unpacking)
                .map(line -> new Finding(
                        Optional.empty(), "the bundle was not unpacked whole: " + oneLine(line), Fault.INSTANCE))
                .or(() -> whole(DAMAGED_ZIP, unpacking)
                        .map(line -> new Finding(
                                Optional.empty(),
                                "the bundle's zip is damaged, so not all of it was unpacked: " + oneLine(line),
                                Fault.BUNDLE)));
    }

    /** The task that began last, for a run that did not end; a task may have no name. */
    public static Optional<String> lastTask(String stdout) {
        List<String> tasks =
                TASK.matcher(stdout).results().map(match -> match.group(1)).toList();
        return tasks.isEmpty()
                ? Optional.empty()
                : Optional.of(tasks.get(tasks.size() - 1)).filter(t -> !t.isBlank());
    }

    /**
     * The last failure that was not ignored: an earlier one was rescued, or the play would have ended there. If the end of the
     * output is missing, a failure after which the play went on does not count.
     */
    private static Optional<Finding> failedTask(String stdout, boolean cut) {
        Optional<Finding> last = Optional.empty();
        Matcher failure = FAILURE.matcher(stdout);
        while (failure.find()) {
            Matcher end = END_OF_RESULT.matcher(stdout);
            boolean ends = end.find(failure.end());
            String result = stdout.substring(failure.end(), ends ? end.start() : stdout.length());
            boolean ignored = ends && end.group().equals("...ignoring");
            boolean unknown = cut && TASK.matcher(stdout).find(failure.end());
            if (!ignored && !unknown) {
                Optional<String> task = lastTask(stdout.substring(0, failure.start()));
                last = Optional.of(new Finding(task, message(result), Fault.BUNDLE));
            }
        }
        return last;
    }

    /** The last failure of the callbacks that print no banners: they do not say which task it was. */
    private static Optional<Finding> bareFailure(String stdout) {
        Optional<Finding> last = Optional.empty();
        Matcher failure = BARE_FAILURE.matcher(stdout);
        while (failure.find()) {
            Matcher end = BARE_RESULT.matcher(stdout);
            boolean ends = end.find(failure.end());
            String result = stdout.substring(failure.end(), ends ? end.start() : stdout.length());
            String code = failure.group(1);
            String message = code == null ? message(result) : oneLine("rc " + code + ": " + result);
            last = Optional.of(new Finding(Optional.empty(), message, Fault.BUNDLE));
        }
        return last;
    }

    /** The last failure in the one object of the callback json. */
    private static Optional<Finding> jsonFailure(String stdout) {
        int begin = stdout.startsWith("{") ? 0 : stdout.indexOf("\n{") + 1;
        Optional<Finding> last = Optional.empty();
        JsonNode whole = Json.tree(firstObject(stdout.substring(begin))).orElseGet(Json::object);
        for (JsonNode play : whole.path("plays")) {
            for (JsonNode task : play.path("tasks")) {
                for (JsonNode result : task.path("hosts")) {
                    if (result.path("failed").asBoolean()
                            || result.path("unreachable").asBoolean()) {
                        Optional<String> name = text(task.path("task"), "name");
                        last = Optional.of(new Finding(name, message(result), Fault.BUNDLE));
                    }
                }
            }
        }
        return last;
    }

    private static Finding endIsMissing(String stdout) {
        String shown = lastTask(stdout)
                .map(task -> "; the last task that it shows is '" + task + "'")
                .orElse(UNPACKED.matcher(stdout).find() ? "; the list of the bundle's files fills it" : "");
        return new Finding(
                Optional.empty(),
                oneLine("the end of the output is missing, because Systems Manager keeps its first 24,000 bytes"
                        + shown),
                Fault.BUNDLE);
    }

    private static String message(String result) {
        return Json.tree(firstObject(result))
                .filter(JsonNode::isObject)
                .map(AnsibleOutput::message)
                .or(() -> first(CUT_MESSAGE, result).map(AnsibleOutput::unescaped))
                .or(() -> Optional.of(YamlResult.read(result))
                        .filter(fields -> fields.has("msg") || fields.has("censored") || fields.has("reason"))
                        .map(AnsibleOutput::message))
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

    private static Optional<Finding> error(String output) {
        return first(ERROR, output)
                .filter(text -> !oneLine(text).isEmpty())
                .map(text -> new Finding(lastTask(output), oneLine(text), Fault.BUNDLE));
    }

    /** The text between the first brace and its closing brace, or the rest if it was cut. */
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

    static Optional<String> whole(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
    }

    private static String unescaped(String json) {
        return Json.tree("\"" + json + "\"")
                .map(JsonNode::textValue)
                .map(AnsibleOutput::oneLine)
                .orElseGet(() -> oneLine(json));
    }

    /** Ansible's warnings are on stderr whether a run fails or not. */
    private static String lastLine(String stdout, String stderr) {
        String line = lastLine(WARNING.matcher(stderr).replaceAll(""));
        line = line.isEmpty() ? lastLine(stdout) : line;
        line = line.isEmpty() ? lastLine(stderr) : line;
        return line.isEmpty() ? "the step failed without a word" : line;
    }

    private static String lastLine(String text) {
        List<String> lines = text.lines()
                .map(AnsibleOutput::oneLine)
                .filter(line -> !line.isEmpty() && !NOISE.matcher(line).matches())
                .toList();
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }

    static String oneLine(String text) {
        return Text.clip(text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip(), 500);
    }
}
