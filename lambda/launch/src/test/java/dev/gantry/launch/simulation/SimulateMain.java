package dev.gantry.launch.simulation;

import dev.gantry.launch.simulation.Simulation.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What scripts/dev/simulate runs: many seeds, with progress and rate. Ends with 1 if one breaks an invariant: the first one is
 * shrunk and printed, or with {@code --keep-going} each is named in a line.
 */
final class SimulateMain {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private SimulateMain() {}

    public static void main(String[] args) throws IOException {
        Map<String, String> options = options(args);
        Seeds seeds = new Seeds(
                Long.parseLong(options.getOrDefault("--from", "1")),
                Long.parseLong(options.getOrDefault("--seeds", "10000")),
                Optional.ofNullable(options.get("--profile"))
                        .map(name -> Profile.valueOf(name.toUpperCase(Locale.ROOT))),
                Integer.parseInt(options.getOrDefault(
                        "--jobs", String.valueOf(Runtime.getRuntime().availableProcessors()))),
                options.containsKey("--keep-going"));
        Progress progress = new Progress(seeds);
        List<Outcome> broken = seeds.run(progress::seen);
        progress.tell();
        OUT.println("how often each situation of the bastion channel was reached:\n" + progress.coverage.table());
        if (broken.isEmpty()) {
            OUT.println("no invariant was broken");
        } else if (!seeds.keepsGoing()) {
            OUT.println(Report.of(broken.get(0)));
        }
        if (broken.isEmpty() && options.containsKey("--write")) {
            Figures.write(Path.of(options.get("--write")), seeds, progress.seconds());
        }
        System.exit(broken.isEmpty() ? 0 : 1);
    }

    private static Map<String, String> options(String... args) {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        return options;
    }

    /** How many seeds are done, and how fast; a line every few seconds. */
    private static final class Progress {
        private static final long EVERY = 5_000_000_000L;

        private final Seeds seeds;
        private final long begun = System.nanoTime();
        private final Coverage coverage = new Coverage();
        private final AtomicLong done = new AtomicLong();
        private final AtomicLong reportedAt = new AtomicLong(System.nanoTime());

        Progress(Seeds seeds) {
            this.seeds = seeds;
        }

        void seen(Outcome outcome) {
            if (seeds.keepsGoing()) {
                outcome.violation()
                        .ifPresent(v -> OUT.println(outcome.plan().seed() + " "
                                + v.getMessage().lines().findFirst().orElse("")));
            }
            synchronized (coverage) {
                coverage.add(outcome.coverage());
            }
            done.incrementAndGet();
            long last = reportedAt.get();
            if (System.nanoTime() - last > EVERY && reportedAt.compareAndSet(last, System.nanoTime())) {
                tell();
            }
        }

        double seconds() {
            return (System.nanoTime() - begun) / 1e9;
        }

        void tell() {
            OUT.println(String.format(
                    Locale.ROOT, "%d of %d seeds, %.0f a second", done.get(), seeds.count(), done.get() / seconds()));
        }
    }
}
