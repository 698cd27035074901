package dev.gantry.system.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    private static Outcome outcome(String name, int seconds, String... notes) {
        FaultCase one = FaultCase.of(name, false, (bench, fleet) -> {
            throw new IllegalStateException("is not played here");
        });
        return new Outcome(one, Duration.ofSeconds(seconds), List.of(), List.of(notes), List.of());
    }

    private static final List<Outcome> OUTCOMES = List.of(
            outcome("kill/events/PutObject-launches-1/before", 10),
            outcome("kill/events/PutObject-launches-1/after", 30),
            outcome("kill/events/PutObject-launches-2/before", 20),
            outcome("kill/events/PutObject-launches-2/after", 25, "it was noted later"),
            outcome("answer/SendCommand/throttled", 7),
            outcome("sweeps/two-at-once", 9));

    private static String written(Path page, String before) throws IOException {
        Files.writeString(page, before);
        Table.write(page, OUTCOMES, Duration.ofMinutes(31), 0.5);
        return Files.readString(page);
    }

    @Test
    void itStandsBetweenItsMarkersAndTheRestOfThePageStays(@TempDir Path folder) throws IOException {
        String page =
                written(folder.resolve("page.md"), "above\n<!-- faults:begin -->\nold\n<!-- faults:end -->\nbelow\n");
        assertTrue(page.startsWith("above\n<!-- faults:begin -->\n"), page);
        assertTrue(page.endsWith("<!-- faults:end -->\nbelow\n"), page);
        assertTrue(!page.contains("old"), page);
        assertEquals(page, written(folder.resolve("page.md"), page));
    }

    @Test
    void itSaysHowManyCasesThereWereAndHowLongTheyTook(@TempDir Path folder) throws IOException {
        String page = written(folder.resolve("page.md"), "<!-- faults:begin -->\n<!-- faults:end -->\n");
        assertTrue(page.contains("6 cases, all converged, in 31 minutes; the longest took 30 s."), page);
        assertTrue(page.contains("| PutObject launches ×2 | 4 | 25 | 30 |"), page);
        assertTrue(page.lines().anyMatch(line -> line.startsWith("| SendCommand |  |  | 7 |")), page);
        assertTrue(page.contains("| sweeps/two at once | 9 |"), page);
        assertTrue(page.contains("- In 1 case it was noted later."), page);
    }

    @Test
    void aPageWithoutItsMarkersIsNotTouched(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("page.md");
        for (String text : List.of("nothing", "<!-- faults:end -->\n<!-- faults:begin -->\n")) {
            Files.writeString(page, text);
            assertThrows(IOException.class, () -> Table.write(page, OUTCOMES, Duration.ofMinutes(1), 0));
            assertEquals(text, Files.readString(page));
        }
    }
}
