package dev.gantry.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run printed, in the parts that Ansible's headings make of it.
 *
 * @param from its source, for people
 * @param isCut whether its beginning or end is missing
 */
public record RunOutput(String from, boolean isCut, List<Part> parts) {
    private static final Pattern HEADING =
            Pattern.compile("(?m)^(PLAY RECAP|(?:PLAY|TASK|RUNNING HANDLER) \\[.*\\]) ?\\**$");
    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*[A-Za-z]");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}&&[^\n\t]]");
    private static final Pattern FAILED = Pattern.compile("(?m)^(?:fatal: |failed: |\\[?ERROR\\b|ERROR!)");

    /**
     * A part.
     *
     * @param title Ansible's heading without its stars; empty for what comes before the first
     * @param isFailing whether a task failed in it for good
     */
    public record Part(String title, String text, boolean isFailing) {}

    /**
     * The output that was printed.
     *
     * @param failing the task that made the run fail, where that is known: only it counts then, because others were rescued
     */
    public static RunOutput of(String from, boolean isCut, String printed, Optional<String> failing) {
        String text = CONTROLS.matcher(COLOURS.matcher(printed).replaceAll("")).replaceAll("");
        List<Part> parts = new ArrayList<>();
        Matcher heading = HEADING.matcher(text);
        String title = "";
        int begin = 0;
        while (heading.find()) {
            add(parts, title, text.substring(begin, heading.start()), failing);
            title = heading.group(1);
            begin = heading.end();
        }
        add(parts, title, text.substring(begin), failing);
        boolean isFound = parts.stream().anyMatch(Part::isFailing);
        return new RunOutput(from, isCut, isFound ? List.copyOf(parts) : lastFailed(parts));
    }

    /** Where the failing task's heading was cut off, or is another's, the last part in which anything failed. */
    private static List<Part> lastFailed(List<Part> parts) {
        List<Part> marked = new ArrayList<>(parts);
        for (int i = parts.size() - 1; i >= 0; i--) {
            if (FAILED.matcher(parts.get(i).text()).find()) {
                marked.set(i, new Part(parts.get(i).title(), parts.get(i).text(), true));
                break;
            }
        }
        return List.copyOf(marked);
    }

    private static void add(List<Part> parts, String title, String body, Optional<String> failing) {
        String text = body.strip();
        if (title.isEmpty() && text.isEmpty()) {
            return;
        }
        boolean hasFailed = FAILED.matcher(text).find();
        boolean isNamed =
                failing.filter(task -> title.contains("[" + task + "]")).isPresent();
        parts.add(new Part(title, text, hasFailed && (isNamed || failing.isEmpty())));
    }
}
