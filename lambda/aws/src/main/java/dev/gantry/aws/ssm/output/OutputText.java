package dev.gantry.aws.ssm.output;

import java.util.regex.Pattern;

/**
 * The text of a step's output: without colours, without what the agent adds, and whether its end is missing.
 *
 * <p>The agent cuts each stream at 24,000 bytes and the joined one of lists at 2,500, and says so in its own words (aws/
 * amazon-ssm-agent, pluginutil.StringPrefix and iohandler.TruncateOutput). To the streams of a step that failed it adds sentences,
 * and to stderr how the script ended, right after its last byte (runpluginutil.RunPlugins, plugins/runscript).
 */
public final class OutputText {
    /** ECMA-48 control sequences, as Ansible colours its output with. */
    private static final Pattern COLOURS = Pattern.compile("\\u001B\\[[0-?]*+[ -/]*+[@-~]");

    private static final Pattern CUT = Pattern.compile("--output truncated--\\s*$|--output truncated--(?=\\n-{10}ERROR)"
            + "|---Output truncated---(?=\\s*(?:\\n-{10}ERROR|$))|---Error truncated----\\s*$");
    private static final Pattern SENTENCES = Pattern.compile("\\n?Step (?:was found to have onFailure property"
            + "|exited with code 16[89]\\. Therefore, marking step as (?:succeeded|Failed))\\."
            + " Further document steps will be skipped\\.");

    private static final Pattern HOW_IT_ENDED =
            Pattern.compile("failed to run commands: (?:exit status -?\\d+|signal: [a-z ]+)(?=\\s*$)");

    private OutputText() {}

    /** Without control sequences and without the agent's sentences. */
    public static String plain(String output) {
        String uncoloured = COLOURS.matcher(output).replaceAll("");
        String script = SENTENCES.matcher(uncoloured).replaceAll("");
        return HOW_IT_ENDED.matcher(script).replaceAll("");
    }

    /** Whether its end was cut off. */
    public static boolean isCut(String output) {
        return CUT.matcher(output).find();
    }
}
