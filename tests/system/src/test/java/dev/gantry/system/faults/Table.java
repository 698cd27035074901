package dev.gantry.system.faults;

import dev.gantry.system.faults.AnswerCases.Kind;
import dev.gantry.system.faults.AnswerCases.Operation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The outcomes of all cases for readers: what stands between the markers of docs/reliability.md. */
final class Table {
    private static final String BEGIN = "<!-- faults:begin -->";
    private static final String END = "<!-- faults:end -->";

    /** Maximum load per core at which the seconds count as those of an idle machine. */
    private static final double QUIET = 0.75;

    private final List<Outcome> outcomes;
    private final List<String> lines = new ArrayList<>();

    private Table(List<Outcome> outcomes) {
        this.outcomes = outcomes;
    }

    /** The present load average. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    static String summary(List<Outcome> outcomes, Duration took) {
        long converged = outcomes.stream().filter(Outcome::hasConverged).count();
        return converged + " of " + outcomes.size() + " cases converged, in " + took.toSeconds() + " s";
    }

    /** Puts the table between the page's markers. */
    static void write(Path page, List<Outcome> outcomes, Duration took, double load) throws IOException {
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(page + " has no " + BEGIN + " with " + END + " after it");
        }
        String table = new Table(outcomes).text(took, load);
        Files.writeString(page, text.substring(0, begin + BEGIN.length()) + "\n" + table + text.substring(end));
    }

    private String text(Duration took, double load) {
        int cores = Runtime.getRuntime().availableProcessors();
        lines.add("");
        lines.add(LocalDate.now(ZoneOffset.UTC) + ", on a machine of " + cores
                + " cores, by `scripts/dev/faults --all`: "
                + outcomes.size() + " cases, all converged, in " + took.toMinutes() + " minutes; the longest took "
                + seconds(outcomes.stream().mapToDouble(Outcome::seconds).max().orElse(0)) + " s.");
        if (load / cores > QUIET) {
            lines.add("The machine was busy with other work, which makes seconds longer: a load average of "
                    + Math.round(load) + " at the beginning.");
        }
        kills();
        answers();
        others();
        notes();
        lines.add("");
        return String.join("\n", lines) + "\n";
    }

    private Stream<Outcome> of(String group) {
        return outcomes.stream().filter(outcome -> outcome.of().group().equals(group));
    }

    private void kills() {
        Map<String, List<Outcome>> journeys =
                of("kill").collect(Collectors.groupingBy(Table::journey, LinkedHashMap::new, Collectors.toList()));
        lines.add("");
        lines.add("| killed in | what it is | calls | cases | seconds, median | longest |");
        lines.add("|---|---|---|---:|---:|---:|");
        journeys.forEach((journey, cases) -> lines.add("| " + journey + " | " + what(journey) + " | " + calls(cases)
                + " | " + cases.size() + " | " + median(cases) + " | " + longest(cases) + " |"));
    }

    private static String journey(Outcome outcome) {
        return outcome.of().name().split("/", -1)[1];
    }

    private static String what(String journey) {
        return journey.equals(KillCases.PROPOSAL)
                ? "a bundle is proposed to the operator's function"
                : Journey.named(journey).what();
    }

    /** Each kind of call once, with the number of its calls at which a function was killed. */
    private static String calls(List<Outcome> cases) {
        Map<String, Long> kinds = cases.stream()
                .filter(outcome -> outcome.of().name().endsWith("/before"))
                .collect(Collectors.groupingBy(
                        outcome -> outcome.of().name().split("/", -1)[2].replaceAll("-[0-9]+$", ""),
                        LinkedHashMap::new,
                        Collectors.counting()));
        return kinds.entrySet().stream()
                .map(kind -> kind.getKey().replace('-', ' ') + (kind.getValue() > 1 ? " ×" + kind.getValue() : ""))
                .collect(Collectors.joining(", "));
    }

    private void answers() {
        lines.add("");
        lines.add("| seconds to the end, where AWS answers | "
                + Stream.of(Kind.values()).map(Kind::word).collect(Collectors.joining(" | ")) + " |");
        lines.add("|---|" + "---:|".repeat(Kind.values().length));
        for (Operation operation : AnswerCases.OPERATIONS) {
            lines.add("| " + operation.call() + " | "
                    + Stream.of(Kind.values())
                            .map(kind -> cell("answer/" + operation.word() + "/" + kind.word()))
                            .collect(Collectors.joining(" | "))
                    + " |");
        }
    }

    private String cell(String name) {
        return named(name).map(outcome -> seconds(outcome.seconds())).orElse("");
    }

    private Optional<Outcome> named(String name) {
        return outcomes.stream()
                .filter(outcome -> outcome.of().name().equals(name))
                .findFirst();
    }

    private void others() {
        lines.add("");
        lines.add("| other trouble | seconds |");
        lines.add("|---|---:|");
        Stream.of("run", "messages", "sweeps")
                .flatMap(this::of)
                .forEach(outcome -> lines.add(
                        "| " + outcome.of().name().replace('-', ' ') + " | " + seconds(outcome.seconds()) + " |"));
    }

    private void notes() {
        Map<String, Long> notes = outcomes.stream()
                .flatMap(outcome -> outcome.notes().stream())
                .collect(Collectors.groupingBy(note -> note, LinkedHashMap::new, Collectors.counting()));
        if (!notes.isEmpty()) {
            lines.add("");
            notes.forEach(
                    (note, count) -> lines.add("- In " + count + (count == 1 ? " case " : " cases ") + note + "."));
        }
    }

    private static String median(List<Outcome> cases) {
        double[] sorted = cases.stream().mapToDouble(Outcome::seconds).sorted().toArray();
        return seconds(sorted[sorted.length / 2]);
    }

    private static String longest(List<Outcome> cases) {
        return seconds(cases.stream().mapToDouble(Outcome::seconds).max().orElse(0));
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.0f", seconds);
    }
}
