package dev.gantry.operator;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.port.Result;
import dev.gantry.launch.release.LaunchProcess;
import dev.gantry.launch.release.Release;
import dev.gantry.operator.Checkup.Queue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each symptom of docs/operations.md is found by {@code gantry explain} or {@code gantry doctor} by itself. */
class SymptomsTest {
    private static final Path PAGE = Path.of("../../docs/operations.md");
    private static final String TITLE = "## Symptom, where to look, what to do";

    /** Symptoms that no look at an account shows, each with the place where it shows. */
    private static final Set<String> ELSEWHERE = Set.of(
            // The trace is in the log and in the page; its instances are looked at again.
            "A page `defect`",
            // Two commands with one run id are in Systems Manager's list of commands, and both have ended well.
            "A run was executed twice");

    private static String explained(String sample) {
        Explanation told = Explainer.explain(SampleInstances.all().get(sample));
        return told.standing() + " " + told.failure() + " " + told.next() + " " + told.evidence();
    }

    private static String found(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.kind() == Finding.Kind.WRONG)
                .map(Finding::toString)
                .collect(joining(" "));
    }

    private static String deadLetters() {
        Queue queue = new Queue("gantry-launches", 0, Duration.ofMinutes(6), true);
        return found(DeploymentDoctor.check(SampleCheckups.deployed(functions -> functions, queue, 2)));
    }

    private static String withoutSweep() {
        return found(
                DeploymentDoctor.check(SampleCheckups.withFunction("gantry-sweep", new Result.Ok<>(Optional.empty()))));
    }

    private static String withoutSettings() {
        Checkup.OfFleet fleet = SampleCheckups.fleet();
        return found(Doctor.check(
                new Checkup.OfFleet(fleet.name(), new Result.Ok<>(Optional.empty()), fleet.group(), fleet.document())));
    }

    private static String writtenOver() {
        return found(Doctor.check(SampleCheckups.withTrouble("bundle 3f5a was written over since it was published")));
    }

    private static String quarantined() {
        return found(Doctor.check(SampleCheckups.with(Release.NONE
                .withCurrent(SampleCheckups.BUNDLE)
                .opened(SampleCheckups.BUNDLE, "three failures", LaunchProcess.RUNNING))));
    }

    /** The symptom as the page names it, what is said about it, and the words that must be in it. */
    private static Map<String, Arguments> symptoms() {
        Map<String, Arguments> told = new LinkedHashMap<>();
        Stream.of(
                        Arguments.of(
                                "An instance waits, `Wait:AGENT`",
                                explained("wait-agent"),
                                "gantry doctor web --instance"),
                        Arguments.of("An instance waits, `Wait:RUN`, for long", explained("wait-run"), "--command-id"),
                        Arguments.of(
                                "An instance waits although everything is repaired",
                                explained("never-overlooked"),
                                "Gantry itself is down"),
                        Arguments.of(
                                "An instance was abandoned", explained("abandoned-run-failed"), "gantry publish web"),
                        Arguments.of(
                                "Abandoned at the launch deadline, without a run",
                                explained("abandoned-deadline"),
                                "launchDeadlineSeconds"),
                        Arguments.of("A page `misconfigured`", explained("wait-misconfigured"), "launch deadline"),
                        Arguments.of(
                                "A page `malformed`, or the dead-letter queue is not empty",
                                deadLetters(),
                                "gantry redrive"),
                        Arguments.of("A bundle is refused as quarantined", quarantined(), "gantry publish web"),
                        Arguments.of(
                                "A page or a refusal says that a bundle \"was written over\", or has no SHA-256",
                                writtenOver(),
                                "was written over"),
                        Arguments.of(
                                "A bundle is refused as not in the bucket", explained("wait-misconfigured"), "publish"),
                        Arguments.of("The fleet is refused: \"has no settings\"", withoutSettings(), "settings.json"),
                        Arguments.of(
                                "Gantry is down: no `swept` line for minutes, errors of the functions",
                                withoutSweep(),
                                "gantry-sweep"),
                        Arguments.of(
                                "The message begins with `dependencies:`, `bundle:`, `options:`…",
                                explained("wait-refused"),
                                "Repair what the reason names"))
                .forEach(symptom -> told.put((String) symptom.get()[0], symptom));
        return told;
    }

    static Stream<Arguments> all() {
        return symptoms().values().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void theSymptomIsFoundAndItsRepairIsNamed(String symptom, String told, String words) {
        assertTrue(told.contains(words), () -> symptom + ": " + told);
    }

    @Test
    void everySymptomOfThePageIsTried() throws IOException {
        String page = Files.readString(PAGE);
        Set<String> rows = page.substring(page.indexOf(TITLE))
                .lines()
                .skip(1)
                .takeWhile(line -> !line.startsWith("##"))
                .filter(line -> line.startsWith("| ") && !line.startsWith("| symptom"))
                .map(line -> line.substring(2, line.indexOf(" | ")))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> tried = new TreeSet<>(symptoms().keySet());
        tried.addAll(ELSEWHERE);

        assertEquals(rows, tried);
    }
}
