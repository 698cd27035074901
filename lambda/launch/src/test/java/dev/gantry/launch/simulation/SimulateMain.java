package dev.gantry.launch.simulation;

import dev.gantry.launch.simulation.Simulation.Outcome;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What scripts/simulate runs: many seeds, with progress and rate; ends with 1 at the first violation, shrunk and told. */
final class SimulateMain {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private SimulateMain() {}

    public static void main(String[] args) {
        Map<String, String> options = options(args);
        long from = Long.parseLong(options.getOrDefault("--from", "1"));
        long seeds = Long.parseLong(options.getOrDefault("--seeds", "10000"));
        Optional<Profile> profile = Optional.ofNullable(options.get("--profile"))
                .map(name -> Profile.valueOf(name.toUpperCase(Locale.ROOT)));
        System.exit(simulate(from, seeds, profile) ? 0 : 1);
    }

    private static Map<String, String> options(String... args) {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        return options;
    }

    private static boolean simulate(long from, long seeds, Optional<Profile> profile) {
        long begun = System.nanoTime();
        long told = begun;
        for (long n = 0; n < seeds; n++) {
            long seed = from + n;
            Outcome outcome = Simulation.run(Plan.of(seed, profile.orElseGet(() -> Profiles.of(seed))));
            if (outcome.violation().isPresent()) {
                OUT.println(Report.of(outcome));
                return false;
            }
            if (System.nanoTime() - told > 2_000_000_000L) {
                told = System.nanoTime();
                OUT.println(progress(n + 1, seeds, begun));
            }
        }
        OUT.println(progress(seeds, seeds, begun) + ", no invariant was broken");
        return true;
    }

    private static String progress(long done, long seeds, long begun) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        return String.format(Locale.ROOT, "%d of %d seeds, %.0f a second", done, seeds, done / seconds);
    }
}
