package dev.gantry.launch;

/** Cuts texts from outside to what a log line or a ledger object should hold. */
public final class Text {
    private Text() {}

    /** The first {@code limit} characters, control characters replaced, with an ellipsis where something was cut. */
    public static String clip(String text, int limit) {
        String clean = text.replaceAll("\\p{Cntrl}", " ");
        return clean.length() <= limit ? clean : clean.substring(0, Math.max(0, limit - 1)) + "…";
    }

    /** The last {@code limit} characters, line breaks kept, with an ellipsis where something was cut. */
    public static String tail(String text, int limit) {
        return text.length() <= limit ? text : "…" + text.substring(text.length() - limit + 1);
    }
}
