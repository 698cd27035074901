package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimeLeftTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void theLastTwentySecondsAreForWorkThatHasBegun() {
        assertEquals(NOW.plusSeconds(40), TimeLeft.until(NOW, 60_000));
    }

    @Test
    void halfOfAShortTimeIsUsed() {
        assertEquals(NOW.plusSeconds(10), TimeLeft.until(NOW, 20_000));
        assertEquals(NOW.plusSeconds(20), TimeLeft.until(NOW, 40_000));
        assertEquals(NOW.plusSeconds(21), TimeLeft.until(NOW, 41_000));
    }
}
