package dev.gantry.aws.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Runs targets without Jazzer: their whole corpus, which holds every input that ever broke one, and mutations of it. */
public final class Replay {
    private static final Path CORPORA = Path.of("src/test/resources/fuzz");
    private static final long SEED = 20_260_101;
    private static final int MUTATIONS = 2_000;
    /** For a whole target: far more than any needs, so that only an endless loop exceeds it. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Replay() {}

    /** Two tests for each target; the working folder is the module's, as Surefire has it. */
    public static Stream<DynamicTest> of(FuzzTargets targets) {
        return targets.all().stream().flatMap(target -> {
            List<byte[]> corpus = corpus(target);
            return Stream.of(
                    DynamicTest.dynamicTest(
                            target.name() + ": every input that was kept", () -> feed(target, corpus.stream())),
                    DynamicTest.dynamicTest(target.name() + ": " + MUTATIONS + " mutations", () -> {
                        Mutations mutations = new Mutations(SEED, corpus);
                        feed(target, Stream.generate(mutations::next).limit(MUTATIONS));
                    }));
        });
    }

    private static void feed(FuzzTarget target, Stream<byte[]> inputs) {
        assertTimeoutPreemptively(
                PATIENCE, () -> inputs.forEach(input -> feed(target, input)), "target " + target.name() + " hangs");
    }

    private static void feed(FuzzTarget target, byte[] input) {
        try {
            target.body().take(input);
        } catch (RuntimeException | Error e) {
            String shown =
                    Parts.text(input) + "\nin Base64: " + Base64.getEncoder().encodeToString(input);
            throw new AssertionError("target " + target.name() + " broke on this input:\n" + shown, e);
        }
    }

    private static List<byte[]> corpus(FuzzTarget target) {
        Path folder = CORPORA.resolve(target.name());
        try (Stream<Path> files = Files.list(folder)) {
            List<byte[]> corpus = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                corpus.add(Files.readAllBytes(file));
            }
            assertFalse(corpus.isEmpty(), folder + " is empty");
            return corpus;
        } catch (IOException e) {
            throw new UncheckedIOException("the corpus " + folder + " cannot be read", e);
        }
    }
}
