package dev.gantry.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTest {
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"#]+)\"");

    @TempDir
    private Path folder;

    private final SampleWorld world = new SampleWorld();

    private Path export() throws IOException {
        Path pages = folder.resolve("pages");
        Export.write(new SampleSource(world), pages, () -> SampleWorld.NOW);
        return pages;
    }

    @Test
    void hostileNamesOfFleetsAreOnlyNamesOfFilesBelowTheFolder() throws IOException {
        List<String> names = List.of(
                "..",
                ".",
                "../../escaped",
                "/etc/escaped",
                "a/b",
                "<script>alert(1)</script>",
                "ü".repeat(255),
                "Web",
                "WEB");
        names.forEach(name -> world.add(Hostile.fleet(name), Hostile.launch(name), Hostile.output(name)));

        Path pages = export();

        try (Stream<Path> all = Files.list(folder)) {
            assertEquals(List.of(pages), all.toList());
        }
        try (Stream<Path> fleets = Files.list(pages.resolve("fleets"))) {
            assertEquals(2L * world.fleets().size(), fleets.count(), "a page and its twin for each fleet");
        }
    }

    @Test
    void everyLinkOfAPageLeadsToAFileThatIsThere() throws IOException {
        String name = "ü/".repeat(120);
        world.add(Hostile.fleet(name), Hostile.launch(name), Hostile.output(name));

        Path pages = export();

        try (Stream<Path> all = Files.walk(pages)) {
            for (Path page :
                    all.filter(file -> file.toString().endsWith(".html")).toList()) {
                for (String link : links(page)) {
                    assertTrue(Files.isRegularFile(page.resolveSibling(link)), page + " leads to " + link);
                }
            }
        }
    }

    private static List<String> links(Path page) throws IOException {
        return LINK.matcher(Files.readString(page, StandardCharsets.UTF_8))
                .results()
                .map((MatchResult found) -> found.group(1))
                .filter(link -> !link.startsWith("https://"))
                .distinct()
                .toList();
    }
}
