package dev.gantry.cli.terminal;

/** What a text means, as a terminal shows it (ECMA-48, select graphic rendition). */
public enum Style {
    PLAIN(""),
    TITLE("1"),
    FAINT("2"),
    GOOD("32"),
    WAITING("36"),
    BAD("31"),
    DOUBT("33");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String on(String text, boolean colours) {
        return !colours || code.isEmpty() || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
