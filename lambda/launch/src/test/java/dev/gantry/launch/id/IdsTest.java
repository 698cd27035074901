package dev.gantry.launch.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** How ids are drawn, shown and sorted. */
final class IdsTest {

    @Test
    void aRunIdHasSixteenCharactersThatTheSourceDraws() {
        RunId first = RunId.drawn(new Random(1));

        assertTrue(first.value().matches("run-[0-9a-hjkmnp-z]{16}"), first::value);
        assertEquals(first, RunId.drawn(new Random(1)));
        assertNotEquals(first, RunId.drawn(new Random(2)));
    }

    @Test
    void runIdsAreSortedByTheirText() {
        RunId one = new RunId("run-00000001");
        RunId two = new RunId("run-00000002");

        assertEquals(List.of(one, two), List.copyOf(new TreeSet<>(List.of(two, one))));
    }

    @Test
    void aBundleIsShownByItsFirstTwelveDigits() {
        assertEquals("0123456789ab", new BundleId("0123456789abcdef".repeat(4)).toString());
    }
}
