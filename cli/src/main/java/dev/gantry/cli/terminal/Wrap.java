package dev.gantry.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Cuts texts to lines. */
public final class Wrap {
    private Wrap() {}

    /** Lines of at most this many characters, broken at spaces; only a word that is longer than a line is cut. */
    public static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            String rest = word;
            if (line.length() > 0 && line.length() + 1 + rest.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            while (rest.length() > width) {
                lines.add(rest.substring(0, width));
                rest = rest.substring(width);
            }
            line.append(line.length() > 0 ? " " : "").append(rest);
        }
        lines.add(line.toString());
        return lines;
    }

    /** One line of at most this many characters, with an ellipsis where something was cut. */
    public static String clip(String text, int width) {
        String clean = text.replaceAll("\\p{Cntrl}", " ").strip();
        return clean.length() <= width ? clean : clean.substring(0, Math.max(0, width - 1)) + "…";
    }
}
