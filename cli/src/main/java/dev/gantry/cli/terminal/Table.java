package dev.gantry.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Rows under a heading, each column as wide as it must be; the last one takes what is left, and is cut there. */
public final class Table {
    private static final String GAP = "  ";

    private final List<String> heading;
    private final List<Row> rows = new ArrayList<>();

    private record Row(List<String> cells, Style style) {}

    public Table(String... heading) {
        this.heading = List.of(heading);
    }

    /** One more row. */
    public Table row(Style style, String... cells) {
        if (cells.length != heading.size()) {
            throw new IllegalArgumentException("a row needs " + heading.size() + " cells, not " + cells.length);
        }
        rows.add(new Row(List.of(cells), style));
        return this;
    }

    /** The table, each line of it. Where a terminal is too narrow the last column moves to a line of its own. */
    public List<String> lines(Terminal terminal) {
        int[] widths = widths();
        int before = 0;
        for (int i = 0; i < widths.length - 1; i++) {
            before += widths[i] + GAP.length();
        }
        int last = terminal.columns() - before;
        boolean folds = last < 20;
        List<String> lines = new ArrayList<>();
        lines.addAll(line(heading, Style.TITLE, widths, folds ? 0 : last, terminal));
        rows.forEach(row -> lines.addAll(line(row.cells, row.style, widths, folds ? 0 : last, terminal)));
        return lines;
    }

    private List<String> line(List<String> cells, Style style, int[] widths, int last, Terminal terminal) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size() - 1; i++) {
            String padded = cells.get(i) + " ".repeat(widths[i] - cells.get(i).length());
            line.append(i == 0 ? style.on(padded, terminal.colours()) : padded).append(GAP);
        }
        String words = cells.get(cells.size() - 1);
        if (last > 0) {
            return List.of((line + Wrap.clip(words, last)).stripTrailing());
        }
        String head = Wrap.clip(line.toString(), terminal.columns());
        return words.isEmpty() ? List.of(head) : List.of(head, "  " + Wrap.clip(words, terminal.columns() - 2));
    }

    private int[] widths() {
        int[] widths = new int[heading.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = rows.stream()
                    .mapToInt(row -> row.cells.get(column).length())
                    .reduce(heading.get(i).length(), Math::max);
        }
        return widths;
    }
}
