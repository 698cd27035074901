package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.release.LaunchProcess;
import dev.gantry.launch.release.Release;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the list of a fleet's bundles says about each. */
class BundleLinesTest {
    private static final BundleId FIRST = new BundleId("1".repeat(64));
    private static final BundleId SECOND = new BundleId("2".repeat(64));
    private static final BundleId THIRD = new BundleId("3".repeat(64));
    private static final Instant MORNING = Instant.parse("2026-11-29T06:00:00Z");
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private static List<String> words(List<BundleLine> lines) {
        return lines.stream()
                .map(line -> line.bundle().brief().charAt(0) + " " + line.state())
                .toList();
    }

    @Test
    void theNewestUploadIsOnTopWithWhatItIs() {
        Release release = Release.NONE.withCurrent(FIRST).succeeded(FIRST, NOON).withCurrent(SECOND);

        List<BundleLine> lines =
                BundleLines.of(release, Map.of(FIRST, MORNING, SECOND, NOON, THIRD, MORNING.minusSeconds(1)));

        assertEquals(List.of("2 current", "1 last good", "3 published"), words(lines));
        assertEquals(Optional.of(NOON), lines.get(1).provenAt());
        assertEquals(Optional.of(MORNING), lines.get(1).uploadedAt());
        assertEquals(Optional.empty(), lines.get(0).provenAt());
    }

    @Test
    void aBundleCanBeBothCurrentAndTheLastGoodOne() {
        Release release = Release.NONE.withCurrent(FIRST).succeeded(FIRST, NOON);

        assertEquals(List.of("1 current, last good"), words(BundleLines.of(release, Map.of(FIRST, NOON))));
    }

    @Test
    void aQuarantinedBundleHasItsReason() {
        Release release = Release.NONE
                .withCurrent(FIRST)
                .succeeded(FIRST, NOON)
                .withCurrent(SECOND)
                .opened(SECOND, "failed on 3 instances", LaunchProcess.RUNNING);

        List<BundleLine> lines = BundleLines.of(release, Map.of(FIRST, MORNING, SECOND, NOON));

        assertEquals(List.of("2 quarantined", "1 current, last good"), words(lines));
        assertEquals("failed on 3 instances", lines.get(0).words());
        assertEquals("", lines.get(1).words());
    }

    /** Their objects may have been deleted; a release that names them must still be understood. */
    @Test
    void bundlesOfTheReleaseWithoutAnObjectAreAtTheEnd() {
        Release release = Release.NONE
                .withCurrent(FIRST)
                .succeeded(FIRST, NOON)
                .withCurrent(SECOND)
                .opened(THIRD, "it failed", LaunchProcess.RUNNING);

        List<BundleLine> lines = BundleLines.of(release, Map.of());

        assertEquals(List.of("1 last good", "2 current", "3 quarantined"), words(lines));
        assertEquals(Optional.empty(), lines.get(0).uploadedAt());
    }
}
