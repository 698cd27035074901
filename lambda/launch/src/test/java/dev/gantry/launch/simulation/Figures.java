package dev.gantry.launch.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes figures into the part of a page between two markers; the rest of the page does not change. */
final class Figures {
    private Figures() {}

    static void write(Path page, Seeds seeds, double seconds) throws IOException {
        String text = String.format(
                Locale.ROOT,
                "%,d seeds, %d to %d%s: no invariant was broken; %,.0f s, %,.0f seeds a second, %d at a time.",
                seeds.count(),
                seeds.from(),
                seeds.from() + seeds.count() - 1,
                seeds.profile().map(p -> ", all " + p).orElse(""),
                seconds,
                seeds.count() / seconds,
                seeds.jobs());
        replace(page, "simulation", text);
    }

    /** Puts the text between the markers of this name, which are added at the page's end if it has none. */
    static void replace(Path page, String name, String text) throws IOException {
        String begin = "<!-- " + name + ":begin -->";
        String end = "<!-- " + name + ":end -->";
        String old = Files.exists(page) ? Files.readString(page) : "";
        if (!old.contains(begin) || !old.contains(end)) {
            old = old + (old.isEmpty() ? "" : "\n") + begin + "\n" + end + "\n";
        }
        String changed = old.substring(0, old.indexOf(begin) + begin.length()) + "\n" + text.strip() + "\n"
                + old.substring(old.indexOf(end));
        Files.writeString(page, changed);
    }
}
