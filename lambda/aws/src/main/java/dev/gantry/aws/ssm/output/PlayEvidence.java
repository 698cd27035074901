package dev.gantry.aws.ssm.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.stored.Json;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether an output shows that Ansible ran a task on this host. A play that matches no host ends with 0: "skipping: no hosts
 * matched". Only what is certain counts: callbacks other than the default one print no recap, and an output may be cut. Pure.
 */
public enum PlayEvidence {
    /** A task ran on a host. */
    TASKS,
    /** The playbook ended without a task on a host. */
    NO_TASK,
    /** The output does not show it. */
    UNKNOWN;

    /** Banners and results of the default callback, its recap, and results of the callbacks minimal and oneline. */
    private static final Pattern RAN = Pattern.compile(
            "^(?:(?:TASK|RUNNING HANDLER) \\[|(?:ok|changed|skipping|fatal|failed|included): \\[?\\S"
                    + "|\\S+ +: ok=\\d|\\S+ \\| (?:SUCCESS|CHANGED|FAILED|UNREACHABLE|SKIPPED)\\b)",
            Pattern.MULTILINE);

    private static final String NO_HOSTS = "skipping: no hosts matched";
    private static final Pattern RECAP = Pattern.compile("^PLAY RECAP \\*{3,}[ \\t]*$", Pattern.MULTILINE);
    private static final Pattern PLAY = Pattern.compile("^PLAY \\[(.*)] \\*{3,}\\s*\\n" + NO_HOSTS, Pattern.MULTILINE);

    /** Reads what a run wrote to standard output, or what a list of invocations shows of it. */
    public static PlayEvidence of(String output) {
        String text = OutputText.plain(output);
        String withoutSkippedPlays = text.replace(NO_HOSTS, "");
        if (RAN.matcher(withoutSkippedPlays).find()) {
            return TASKS;
        } else if (OutputText.isCut(output)) {
            return UNKNOWN;
        }
        return RECAP.matcher(text).find()
                        || jsonStats(text).filter(JsonNode::isEmpty).isPresent()
                ? NO_TASK
                : UNKNOWN;
    }

    /** The pattern of the first play that matched no host, if one is shown. */
    public static Optional<String> unmatchedPlay(String output) {
        Matcher play = PLAY.matcher(OutputText.plain(output));
        return play.find() ? Optional.of(play.group(1)) : Optional.empty();
    }

    /** The statistics of the callback json, which prints one object with a host for each that had a task. */
    private static Optional<JsonNode> jsonStats(String text) {
        int begin = text.startsWith("{") ? 0 : text.indexOf("\n{") + 1;
        int end = text.lastIndexOf('}');
        return begin < 0 || end < begin || text.charAt(begin) != '{'
                ? Optional.empty()
                : Json.tree(text.substring(begin, end + 1))
                        .filter(json -> json.path("plays").isArray())
                        .map(json -> json.path("stats"))
                        .filter(JsonNode::isObject);
    }
}
