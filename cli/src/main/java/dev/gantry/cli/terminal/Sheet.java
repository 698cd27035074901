package dev.gantry.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Lines of a screen, put together from the top. */
public final class Sheet {
    private static final int LEAST_TEXT = 20;

    private final Terminal terminal;
    private final List<String> lines = new ArrayList<>();

    public Sheet(Terminal terminal) {
        this.terminal = terminal;
    }

    public int columns() {
        return terminal.columns();
    }

    /** An empty line. */
    public Sheet gap() {
        lines.add("");
        return this;
    }

    /** A heading, wrapped. */
    public Sheet title(String text) {
        return text(0, text, Style.TITLE);
    }

    /** A text, wrapped, each line of it indented. */
    public Sheet text(int indent, String text, Style style) {
        Wrap.lines(text, room(indent)).forEach(line -> lines.add(" ".repeat(indent) + paint(line, style)));
        return this;
    }

    /** What must stay in one piece to be copied: a command, an address. Longer than the screen where it has to be. */
    public Sheet whole(int indent, String text, Style style) {
        lines.add(" ".repeat(indent) + paint(text, style));
        return this;
    }

    /** A line that is cut at the end of the screen. */
    public Sheet cut(int indent, String text, Style style) {
        lines.add(" ".repeat(indent) + paint(Wrap.clip(text, room(indent)), style));
        return this;
    }

    /** A label and a text that is wrapped beside it. */
    public Sheet field(int indent, String label, int labelWidth, String text, Style style) {
        String head = " ".repeat(indent) + pad(label, labelWidth) + "  ";
        if (room(head.length()) <= LEAST_TEXT && columns() < 2 * LEAST_TEXT + head.length()) {
            lines.add(" ".repeat(indent) + paint(label, style));
            return text(indent + 2, text, Style.PLAIN);
        }
        List<String> wrapped = Wrap.lines(text, room(head.length()));
        lines.add(" ".repeat(indent) + paint(pad(label, labelWidth), style) + "  " + wrapped.get(0));
        wrapped.stream().skip(1).forEach(line -> lines.add(" ".repeat(head.length()) + line));
        return this;
    }

    /** Lines that are made already. */
    public Sheet add(List<String> made) {
        lines.addAll(made);
        return this;
    }

    /** The text in this style, where there are colours. */
    public String paint(String text, Style style) {
        return style.on(text, terminal.colours());
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    private int room(int indent) {
        return Math.max(LEAST_TEXT, terminal.columns() - indent);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
