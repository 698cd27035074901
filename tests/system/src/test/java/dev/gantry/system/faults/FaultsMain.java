package dev.gantry.system.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.system.faults.FaultsOptions.WrongOption;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What scripts/dev/faults runs. Progress goes to standard error, the result to standard output. */
final class FaultsMain {
    private static final int NOT_CONVERGED = 1;
    private static final int WRONG_OPTION = 2;
    private static final int SURROUNDINGS = 3;
    private static final int KILLS = 4;
    private static final int OTHERS = 4;
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private FaultsMain() {}

    public static void main(String[] words) throws InterruptedException {
        System.exit(run(List.of(words)));
    }

    private static int run(List<String> words) throws InterruptedException {
        try {
            FaultsOptions options = FaultsOptions.parse(words);
            List<FaultCase> cases = chosen(options);
            if (options.list()) {
                cases.forEach(one -> OUT.println(one.name()));
                return 0;
            }
            return play(options, cases);
        } catch (WrongOption | IllegalArgumentException e) {
            say("faults: " + e.getMessage());
            return WRONG_OPTION;
        } catch (IOException | IllegalStateException e) {
            say("faults: " + e.getMessage());
            return SURROUNDINGS;
        }
    }

    private static List<FaultCase> chosen(FaultsOptions options) throws IOException, InterruptedException {
        Catalogue catalogue = new Catalogue(FaultsMain::say);
        if (options.only().isEmpty()) {
            return options.all() || options.list() ? catalogue.all() : sample(options, catalogue);
        }
        List<FaultCase> cases = new ArrayList<>();
        for (String name : options.only()) {
            cases.addAll(begun(name, catalogue));
        }
        return cases;
    }

    /** The case of that name, or all whose names begin so. */
    private static List<FaultCase> begun(String name, Catalogue catalogue) throws IOException, InterruptedException {
        try {
            return List.of(Catalogue.named(name));
        } catch (IllegalArgumentException noName) {
            List<FaultCase> known = name.startsWith("kill") ? catalogue.all() : Catalogue.written();
            List<FaultCase> found =
                    known.stream().filter(one -> one.name().startsWith(name)).toList();
            if (found.isEmpty()) {
                throw noName;
            }
            return found;
        }
    }

    private static List<FaultCase> sample(FaultsOptions options, Catalogue catalogue)
            throws IOException, InterruptedException {
        Journey journey = Sample.journey(options.day());
        say("The sample of day " + options.day() + ":");
        List<FaultCase> cases =
                new ArrayList<>(Sample.of(catalogue.kills(journey), options.day() / Journey.values().length, KILLS));
        cases.addAll(Sample.of(
                Catalogue.written().stream()
                        .filter(one -> one.tempo().equals(Bench.QUICK))
                        .toList(),
                options.day(),
                OTHERS));
        return cases;
    }

    private static int play(FaultsOptions options, List<FaultCase> cases) throws IOException {
        double load = Table.load();
        Instant begun = Instant.now();
        Earlier earlier =
                options.from().isPresent() ? Earlier.read(options.from().get()) : Earlier.NONE;
        List<FaultCase> open =
                cases.stream().filter(one -> earlier.of(one).isEmpty()).toList();
        say(open.size() + " cases, " + options.lanes() + " side by side");
        List<Outcome> done = new ArrayList<>();
        new Lanes(options.lanes(), outcome -> {
                    done.add(outcome);
                    tell(outcome, done.size(), open.size());
                })
                .play(open);
        cases.forEach(one -> earlier.of(one).ifPresent(done::add));
        List<Outcome> outcomes = done.stream()
                .sorted(Comparator.comparingInt(outcome -> cases.indexOf(outcome.of())))
                .toList();
        long failed =
                outcomes.stream().filter(outcome -> !outcome.hasConverged()).count();
        Duration took = Duration.between(begun, Instant.now()).plus(earlier.took());
        if (options.write().isPresent() && failed == 0) {
            Table.write(options.write().get(), outcomes, took, load);
        }
        OUT.println(options.json() ? json(outcomes, took) : Table.summary(outcomes, took));
        return failed == 0 && outcomes.size() == cases.size() ? 0 : NOT_CONVERGED;
    }

    private static void tell(Outcome outcome, int number, int of) {
        say(String.format(
                Locale.ROOT,
                "%-6s %6.1f s  %s  (%d of %d)%s",
                outcome.hasConverged() ? "ok" : "FAILED",
                outcome.seconds(),
                outcome.of().name(),
                number,
                of,
                outcome.notes().isEmpty() ? "" : "  " + String.join("; ", outcome.notes())));
        outcome.complaints().forEach(complaint -> say("         " + complaint));
        outcome.trace().forEach(line -> say("         | " + line));
    }

    private static String json(List<Outcome> outcomes, Duration took) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("cases", outcomes.size());
        json.put("converged", outcomes.stream().filter(Outcome::hasConverged).count());
        json.put("seconds", took.toSeconds());
        ArrayNode all = json.putArray("outcomes");
        for (Outcome outcome : outcomes) {
            ObjectNode one = all.addObject();
            one.put("case", outcome.of().name());
            one.put("converged", outcome.hasConverged());
            one.put("seconds", outcome.seconds());
            outcome.complaints().forEach(one.putArray("complaints")::add);
            outcome.notes().forEach(one.putArray("notes")::add);
        }
        return json.toString();
    }

    private static void say(String line) {
        System.err.println(line);
    }
}
