package dev.gantry.launch.simulation;

import dev.gantry.launch.simulation.Simulation.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What scripts/dev/mutants runs: a table of planted bugs, the seed that found each, and the invariant that it broke. */
final class MutantsMain {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final String ROW = "%-40s %6s  %s%n";

    private MutantsMain() {}

    /** A planted bug, and what found it, if anything did. */
    private record Hunted(Mutant mutant, Optional<Outcome> found) {
        String seed() {
            return found.map(o -> String.valueOf(o.plan().seed())).orElse("-");
        }

        String invariant() {
            return found.flatMap(Outcome::violation).map(Violation::invariant).orElse("SURVIVES");
        }

        String json() {
            return String.format(
                    Locale.ROOT,
                    "{\"bug\": \"%s\", \"found\": %s, \"seed\": %s, \"invariant\": %s}",
                    mutant,
                    found.isPresent(),
                    found.isPresent() ? seed() : "null",
                    found.isPresent() ? '"' + invariant() + '"' : "null");
        }

        String row() {
            return rowOf(mutant) + seed() + " | `" + invariant() + "` |";
        }
    }

    /** The first argument is how many seeds are tried; then {@code json}, {@code table}, or the page to write into. */
    public static void main(String[] args) throws IOException {
        int seeds = Integer.parseInt(args[0]);
        String how = args[1];
        if (how.equals("table")) {
            OUT.printf(Locale.ROOT, ROW, "planted bug", "seed", "invariant broken");
        }
        List<Hunted> all = new ArrayList<>();
        for (Mutant mutant : Mutant.values()) {
            Hunted hunted = new Hunted(mutant, huntAmong(mutant, seeds));
            all.add(hunted);
            if (how.equals("table")) {
                OUT.printf(Locale.ROOT, ROW, mutant, hunted.seed(), hunted.invariant());
            }
        }
        long survivors = all.stream().filter(h -> h.found().isEmpty()).count();
        if (how.equals("json")) {
            OUT.println(all.stream().map(Hunted::json).collect(Collectors.joining(",\n ", "[", "]")));
        } else if (!how.equals("table") && survivors == 0) {
            Figures.replace(Path.of(how), "mutants", page(all, seeds));
        }
        if (!how.equals("json")) {
            OUT.println(
                    survivors == 0
                            ? "every one of " + all.size() + " planted bugs is found"
                            : survivors + " planted bugs survive");
        }
        System.exit(survivors == 0 ? 0 : 1);
    }

    private static String page(List<Hunted> all, int seeds) {
        return all.size() + " planted bugs, each found within " + seeds + " seeds (`scripts/dev/mutants`).\n\n"
                + "| planted bug | first seed that finds it | invariant that it breaks |\n|---|---|---|\n"
                + all.stream().map(Hunted::row).collect(Collectors.joining("\n"));
    }

    private static String rowOf(Mutant mutant) {
        String words = mutant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return "| " + words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + " | ";
    }

    /** The seed that found it when the page was written; empty if the page does not have it. */
    static OptionalLong seedOnPage(Mutant mutant, Path page) throws IOException {
        Pattern row = Pattern.compile("^" + Pattern.quote(rowOf(mutant)) + "(\\d+) ", Pattern.MULTILINE);
        Matcher found = row.matcher(Files.readString(page));
        return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
    }

    static Optional<Outcome> hunt(Mutant mutant, long seed) {
        Outcome outcome = Simulation.run(Plan.of(seed, Profiles.of(seed)).with(mutant.planted()));
        return outcome.violation().map(broken -> outcome);
    }

    /** The first of this many seeds that finds it. */
    static Optional<Outcome> huntAmong(Mutant mutant, int seeds) {
        return LongStream.rangeClosed(1, seeds)
                .mapToObj(seed -> hunt(mutant, seed))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
