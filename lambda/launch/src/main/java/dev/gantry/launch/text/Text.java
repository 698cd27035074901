package dev.gantry.launch.text;

import java.util.List;
import java.util.regex.Pattern;

/** Cuts texts from outside to what a log line or a ledger object should hold. */
public final class Text {
    private static final List<Pattern> PASSING = List.of(
            Pattern.compile("\\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b"),
            Pattern.compile("\\bi-[0-9a-f]{8,17}\\b"),
            Pattern.compile("\\brun-[a-z0-9]{8,40}\\b"),
            Pattern.compile("(?<=:assumed-role/)\\S+"),
            Pattern.compile("(?i)(?<=request id: )[^\\s),;]+"),
            Pattern.compile("\\b[0-9]+(?= (?:instance|run|group|message)s?\\b)"));

    private Text() {}

    /** The first {@code limit} characters, control characters replaced, with an ellipsis where something was cut. */
    public static String clip(String text, int limit) {
        String clean = text.replaceAll("\\p{Cntrl}", " ");
        return clean.length() <= limit ? clean : clean.substring(0, Math.max(0, limit - 1)) + "…";
    }

    /**
     * The same without what differs each time one and the same thing goes wrong: the ids of instances, runs and requests, the
     * session that made a call, and how many were in it. For comparing, not for people.
     */
    public static String stable(String text) {
        String stable = text;
        for (Pattern pattern : PASSING) {
            stable = pattern.matcher(stable).replaceAll("*");
        }
        return stable;
    }

    /** The last {@code limit} characters, line breaks kept, with an ellipsis where something was cut. */
    public static String tail(String text, int limit) {
        return text.length() <= limit ? text : "…" + text.substring(text.length() - limit + 1);
    }
}
