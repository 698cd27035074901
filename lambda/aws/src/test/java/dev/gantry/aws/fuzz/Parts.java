package dev.gantry.aws.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An input of several texts, kept as one text file: the parts stand between lines of {@code %%}. */
public final class Parts {
    private static final String BETWEEN = "\n%%\n";

    private Parts() {}

    public static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    /** This many parts: missing ones are empty, and the rest of the text belongs to the last one. */
    public static List<String> of(byte[] input, int count) {
        List<String> parts = new ArrayList<>(List.of(text(input).split(BETWEEN, count)));
        while (parts.size() < count) {
            parts.add("");
        }
        return parts;
    }
}
