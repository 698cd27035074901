package dev.gantry.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.cli.console.page.Paths;
import dev.gantry.launch.fleet.FleetName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PathsTest {
    static Stream<String> names() throws IOException {
        return Stream.concat(
                Files.readAllLines(Path.of("../tests/fleet-names.tsv")).stream().map(line -> line.split("\t", -1)[0]),
                Stream.of("web.json", "web.html", ".json", "a~b", "~2E", "100%", "ünïcode", "<script>"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyNameHasAPathOfItsOwnThatNoBrowserChanges(String name) {
        String slug = Paths.slug(new FleetName(name));

        assertEquals(new FleetName(name), Paths.fleetOf(slug));
        assertTrue(slug.matches("[A-Za-z0-9._~-]+"), slug);
        assertFalse(slug.endsWith(".json") || slug.endsWith(".html") || slug.matches("\\.{1,2}"), slug);
    }

    static Stream<String> pairs() {
        return Stream.of("g".repeat(255), "ü".repeat(255), "Web", "WEB");
    }

    @ParameterizedTest
    @MethodSource({"names", "pairs"})
    void everyFileHasANameThatFileSystemsTake(String name) {
        String file = Paths.ofFiles(0, Set.of()).fleet(new FleetName(name));

        assertTrue(file.matches("fleets/[A-Za-z0-9._~-]{1,250}\\.html"), file);
    }

    @Test
    void noTwoFleetsShareAFileEvenIfCaseDoesNotCount() {
        Stream<String> names = Stream.of("web", "Web", "WEB", "g".repeat(255), "g".repeat(254) + "h", "G".repeat(255));

        assertEquals(
                6,
                names.map(name -> Paths.ofFiles(0, Set.of()).fleet(new FleetName(name)))
                        .map(file -> file.toLowerCase(Locale.ROOT))
                        .distinct()
                        .count());
    }
}
