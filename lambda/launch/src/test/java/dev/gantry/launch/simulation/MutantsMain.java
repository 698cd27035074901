package dev.gantry.launch.simulation;

import dev.gantry.launch.simulation.Simulation.Outcome;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** What scripts/mutants runs: a table of planted bugs, the seed that found each, and the invariant that it broke. */
final class MutantsMain {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private MutantsMain() {}

    public static void main(String[] args) {
        int seeds = args.length > 0 ? Integer.parseInt(args[0]) : 4000;
        OUT.printf(Locale.ROOT, "%-36s %6s  %s%n", "planted bug", "seed", "invariant broken");
        int survivors = 0;
        for (Mutant mutant : Mutant.values()) {
            Optional<Outcome> found = hunt(mutant, seeds);
            survivors += found.isPresent() ? 0 : 1;
            OUT.printf(
                    Locale.ROOT,
                    "%-36s %6s  %s%n",
                    mutant,
                    found.map(o -> String.valueOf(o.plan().seed())).orElse("-"),
                    found.flatMap(Outcome::violation).map(Violation::invariant).orElse("SURVIVES"));
        }
        OUT.println(survivors == 0 ? "every planted bug is found" : survivors + " planted bugs survive");
        System.exit(survivors == 0 ? 0 : 1);
    }

    /** The first of so many seeds that finds it. */
    static Optional<Outcome> hunt(Mutant mutant, int seeds) {
        for (long seed = 1; seed <= seeds; seed++) {
            Outcome outcome = Simulation.run(Plan.of(seed, Profiles.of(seed)).with(mutant.planted()));
            if (outcome.violation().isPresent()) {
                return Optional.of(outcome);
            }
        }
        return Optional.empty();
    }
}
