package dev.gantry.cli.terminal;

/** A bar in ASCII, which every terminal and every log can show. */
public final class Bar {
    private Bar() {}

    /** Filled by a share of 0 to 1. */
    public static String of(double share, int width) {
        int filled = (int) Math.round(Math.max(0, Math.min(1, share)) * width);
        return "[" + "#".repeat(filled) + ".".repeat(width - filled) + "]";
    }
}
