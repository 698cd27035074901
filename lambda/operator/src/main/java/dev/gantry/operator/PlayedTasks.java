package dev.gantry.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which tasks changed something, or would have in Ansible's check mode, as its default callback prints it. Pure. */
public final class PlayedTasks {
    private static final Pattern LINE = Pattern.compile(
            "^(?:(?:TASK|RUNNING HANDLER) \\[(?<task>.*?)] \\**|changed: \\[(?<changed>[^\\]]+)].*)$",
            Pattern.MULTILINE);
    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*m");
    private static final Pattern COUNT =
            Pattern.compile("^\\S+ +: ok=\\d+ +changed=(?<changed>\\d+)", Pattern.MULTILINE);

    private PlayedTasks() {}

    /**
     * Their names, in order, each once. Where the output was cut, a last line says how many more there are: the recap counts
     * them all.
     */
    public static List<String> changed(String output) {
        String text = COLOURS.matcher(output).replaceAll("");
        List<String> changed = new ArrayList<>();
        String task = "a task whose name was cut off";
        int seen = 0;
        Matcher line = LINE.matcher(text);
        while (line.find()) {
            if (line.group("task") != null) {
                task = line.group("task");
            } else {
                seen++;
                if (!changed.contains(task)) {
                    changed.add(task);
                }
            }
        }
        int missing = counted(text) - seen;
        if (missing > 0) {
            changed.add(missing + " more, which the output does not show");
        }
        return changed;
    }

    private static int counted(String text) {
        Matcher recap = COUNT.matcher(text);
        return recap.find() ? Integer.parseInt(recap.group("changed")) : 0;
    }
}
