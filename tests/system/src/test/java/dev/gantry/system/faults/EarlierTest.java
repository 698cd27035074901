package dev.gantry.system.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlierTest {
    private static FaultCase named(String name) {
        return FaultCase.of(name, false, (bench, fleet) -> {
            throw new IllegalStateException("is not played here");
        });
    }

    @Test
    void onlyCasesThatConvergedAreTakenOver(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("run.json"),
                "{\"seconds\": 90, \"outcomes\": ["
                        + "{\"case\": \"sweeps/a\", \"converged\": true, \"seconds\": 7.5, \"notes\": [\"late\"]},"
                        + "{\"case\": \"sweeps/b\", \"converged\": false, \"seconds\": 3, \"notes\": []}]}");
        Earlier earlier = Earlier.read(file);
        assertEquals(Duration.ofSeconds(90), earlier.took());
        Outcome taken = earlier.of(named("sweeps/a")).orElseThrow();
        assertEquals(7.5, taken.seconds());
        assertEquals(List.of("late"), taken.notes());
        assertEquals(Optional.empty(), earlier.of(named("sweeps/b")));
        assertEquals(Optional.empty(), earlier.of(named("sweeps/c")));
    }
}
