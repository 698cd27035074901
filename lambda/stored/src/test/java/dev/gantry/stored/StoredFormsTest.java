package dev.gantry.stored;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.gantry.launch.fleet.FleetName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an older version wrote is read: {@code stored/VERSION} has what that version wrote, and is never changed
 * (docs/operations/upgrading.md). A new version that writes something new gets a folder of its own.
 */
class StoredFormsTest {
    @ParameterizedTest
    @MethodSource("settings")
    void settingsOfEachVersionAreRead(Path file) throws IOException {
        assertEquals(
                "web",
                SettingsJson.read(file.toString(), new FleetName("web"), Files.readAllBytes(file))
                        .name()
                        .value());
    }

    @ParameterizedTest
    @MethodSource("launches")
    void launchesOfEachVersionAreReadAndWrittenAgainWithoutLoss(Path file) throws IOException {
        var stay = StayJson.read(file.toString(), Files.readAllBytes(file));

        assertEquals(stay, StayJson.read("written again", StayJson.write(stay)));
    }

    @ParameterizedTest
    @MethodSource("releases")
    void releasesOfEachVersionAreReadAndWrittenAgainWithoutLoss(Path file) throws IOException {
        var release = ReleaseJson.read(file.toString(), Files.readAllBytes(file));

        assertEquals(release, ReleaseJson.read("written again", ReleaseJson.write(release)));
    }

    static List<Path> settings() {
        return files("settings");
    }

    static List<Path> launches() {
        return files("launches");
    }

    static List<Path> releases() {
        return files("release");
    }

    /** The stored forms of every version. */
    private static List<Path> files(String kind) {
        try (Stream<Path> found =
                Files.walk(Path.of(Objects.requireNonNull(StoredFormsTest.class.getResource("/stored"))
                        .toURI()))) {
            List<Path> files = found.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> file.getParent().endsWith(kind))
                    .sorted()
                    .toList();
            assertFalse(files.isEmpty(), kind);
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
