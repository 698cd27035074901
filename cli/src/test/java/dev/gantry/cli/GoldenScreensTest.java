package dev.gantry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.cli.screen.ExplanationScreen;
import dev.gantry.cli.screen.Forms;
import dev.gantry.cli.terminal.Terminal;
import dev.gantry.operator.Evidence;
import dev.gantry.operator.Explainer;
import dev.gantry.operator.SampleInstances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code gantry explain} prints for every sample, as text files that people can read. {@code GANTRY_WRITE_SCREENS=yes}
 * writes them again; then read what changed.
 */
class GoldenScreensTest {
    private static final Path FILES = Path.of("src/test/resources/screens");
    private static final Map<String, Evidence> SAMPLES = SampleInstances.all();
    private static final Terminal WIDE = new Terminal(true, 100, false);
    private static final Terminal NARROW = new Terminal(true, 40, false);
    private static final Terminal COLOURED = new Terminal(true, 100, true);

    static Stream<String> names() {
        return SAMPLES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theScreenIsTheOneOnFile(String name) throws IOException {
        String screen = String.join("\n", screen(name, WIDE)) + "\n";
        Path file = FILES.resolve(name + ".txt");
        if ("yes".equals(System.getenv("GANTRY_WRITE_SCREENS"))) {
            Files.writeString(file, screen);
        }
        assertEquals(Files.readString(file), screen);
    }

    @Test
    void noFileIsLeftOfASampleThatIsGone() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            Set<String> found = files.map(file -> file.getFileName().toString().replace(".txt", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(new TreeSet<>(SAMPLES.keySet()), found);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void itFitsAScreen(String name) {
        assertTrue(screen(name, WIDE).size() <= 45, () -> screen(name, WIDE).size() + " lines");
    }

    /** Text for copying is not wrapped, and may be longer. */
    @ParameterizedTest
    @MethodSource("names")
    void proseFitsATerminalOfFortyColumns(String name) {
        List<String> long_ = screen(name, NARROW).stream()
                .filter(line -> line.length() > 40)
                .filter(line -> !line.startsWith("    ") && !line.matches("  [a-z ,]+  +.*"))
                .toList();
        assertEquals(List.of(), long_);
    }

    @ParameterizedTest
    @MethodSource("names")
    void coloursChangeNoCharacter(String name) {
        List<String> plain = screen(name, COLOURED).stream()
                .map(line -> line.replaceAll("\u001b\\[[0-9;]*m", ""))
                .toList();
        assertEquals(screen(name, WIDE), plain);
        assertFalse(screen(name, COLOURED).equals(plain));
    }

    @ParameterizedTest
    @MethodSource("names")
    void theFormNamesItsVersion(String name) {
        assertTrue(
                Forms.explanation(Explainer.explain(SAMPLES.get(name))).startsWith("{\"form\":\"gantry.explain/1\","));
    }

    private static List<String> screen(String name, Terminal terminal) {
        return ExplanationScreen.lines(Explainer.explain(SAMPLES.get(name)), terminal);
    }
}
