package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {
    private static final Instant AT = Instant.parse("2026-11-29T03:05:06.789Z");

    @Test
    void timesAreInUtcAndInWholeSeconds() {
        assertEquals("03:05:06", Times.clock(AT));
        assertEquals("2026-11-29 03:05:06 UTC", Times.full(AT));
    }

    @ParameterizedTest
    @CsvSource({
        "PT-5S, 0 s",
        "PT0S, 0 s",
        "PT59.9S, 59 s",
        "PT1M, 1 m",
        "PT3M20S, 3 m 20 s",
        "PT59M59S, 59 m 59 s",
        "PT1H, 1 h",
        "PT2H5M59S, 2 h 5 m",
        "PT48H, 48 h",
    })
    void aSpanHasTwoUnitsAtMostAndNoSecondsAboveAnHour(Duration span, String words) {
        assertEquals(words, Times.span(span));
    }
}
