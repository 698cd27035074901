package dev.gantry.cli.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.cli.terminal.Terminal;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.release.Change;
import dev.gantry.operator.BundleLine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReleasesScreenTest {
    private static final FleetName WEB = new FleetName("web");
    private static final BundleId GOOD = new BundleId("ab".repeat(32));
    private static final BundleId BAD = new BundleId("cd".repeat(32));
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final List<BundleLine> BUNDLES = List.of(
            new BundleLine(BAD, Optional.of(NOON), "quarantined", Optional.empty(), "3 instances failed"),
            new BundleLine(
                    GOOD,
                    Optional.of(NOON.minusSeconds(86_400)),
                    "current, last good",
                    Optional.of(NOON.minusSeconds(80_000)),
                    ""));
    private static final List<Change> CHANGES = List.of(
            new Change(
                    NOON.plusSeconds(900),
                    Change.Kind.RESUMED,
                    Optional.empty(),
                    "arn:aws:sts::111122223333:assumed-role/Operators/ann"),
            new Change(NOON.plusSeconds(600), Change.Kind.SUSPENDED, Optional.empty(), Change.GANTRY),
            new Change(NOON.plusSeconds(300), Change.Kind.QUARANTINED, Optional.of(BAD), Change.GANTRY),
            new Change(NOON, Change.Kind.CURRENT, Optional.of(BAD), "arn:aws-us-gov:iam::111122223333:user/ops/bob"),
            new Change(NOON.minusSeconds(60), Change.Kind.LIFTED, Optional.of(BAD), "a caller that gave no name"));

    private static String screen(List<BundleLine> bundles, List<Change> changes, int columns) {
        return String.join("\n", ReleasesScreen.lines(WEB, bundles, changes, new Terminal(true, columns, false)));
    }

    @Test
    void bundlesComeFirstAndThenTheChangesWithTimeAndCaller() {
        assertEquals(
                """
                BUNDLE        PUBLISHED                STATE               PROVEN                   WHY
                cdcdcdcdcdcd  2026-11-29 12:00:00 UTC  quarantined         -                        3 instances failed
                abababababab  2026-11-28 12:00:00 UTC  current, last good  2026-11-28 13:46:40 UTC

                WHEN                     WHAT                BUNDLE        WHO
                2026-11-29 12:15:00 UTC  launches resumed    -             assumed-role/Operators/ann
                2026-11-29 12:10:00 UTC  launches suspended  -             Gantry
                2026-11-29 12:05:00 UTC  quarantined         cdcdcdcdcdcd  Gantry
                2026-11-29 12:00:00 UTC  became current      cdcdcdcdcdcd  user/ops/bob
                2026-11-29 11:59:00 UTC  quarantine lifted   cdcdcdcdcdcd  a caller that gave no name""",
                screen(BUNDLES, CHANGES, 120));
    }

    @Test
    void aNarrowTerminalHasTheCallerOnALineOfItsOwn() {
        String screen = screen(BUNDLES, CHANGES, 40);

        assertTrue(screen.contains("\n  assumed-role/Operators/ann\n"), screen);
        assertTrue(screen.lines().allMatch(line -> line.length() <= 40), screen);
    }

    @Test
    void missingRecordsAreNamed() {
        assertTrue(screen(BUNDLES, List.of(), 120)
                .endsWith("\n\nNo change was recorded yet; the next one is, with who asked for it."));
        assertEquals("Nothing was published for fleet web yet.", screen(List.of(), List.of(), 120));
    }

    @Test
    void theFormHasTheWholeNameOfTheCaller() {
        String form = ReleasesScreen.form(WEB, BUNDLES, CHANGES);

        assertTrue(form.startsWith("{\"form\":\"gantry.releases/1\",\"fleet\":\"web\","), form);
        assertTrue(
                form.contains("{\"at\":\"2026-11-29T12:15:00Z\",\"what\":\"resumed\","
                        + "\"by\":\"arn:aws:sts::111122223333:assumed-role/Operators/ann\"}"),
                form);
        assertTrue(
                form.contains("\"what\":\"quarantined\",\"bundle\":\"" + BAD.sha256() + "\",\"by\":\"Gantry\"}"), form);
    }
}
