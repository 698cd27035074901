package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.launch.twin.HandClock;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PageLimitTest {
    private final World world = new World();
    private final HandClock clock = new HandClock(Instant.parse("2026-01-01T12:59:59Z"));
    private final List<String> asked = new ArrayList<>();
    private boolean othersPaged;

    private final PageLimit limit = new PageLimit(this::isFirst, world.journal, clock);

    private boolean isFirst(String key, Instant window) {
        asked.add(window + " " + key);
        return !othersPaged;
    }

    @Test
    void aWindowIsAnHourOfUtc() {
        assertEquals(OptionalLong.of(0), limit.page("NOT_JSON", "A", 1));
        clock.passSeconds(1);
        assertEquals(OptionalLong.of(0), limit.page("NOT_JSON", "A", 1));
        clock.pass(Duration.ofMinutes(59));
        assertEquals(OptionalLong.empty(), limit.page("NOT_JSON", "A", 1));

        assertEquals(List.of("2026-01-01T12:00:00Z NOT_JSON A", "2026-01-01T13:00:00Z NOT_JSON A"), asked);
    }

    @Test
    void whatAnotherEnvironmentPagedIsCountedHereAndReportedWithTheNextPage() {
        othersPaged = true;
        assertEquals(OptionalLong.empty(), limit.page("NOT_JSON", "A", 5));
        assertEquals(OptionalLong.empty(), limit.page("NOT_JSON", "A", 7));

        clock.pass(PageLimit.WINDOW);
        assertEquals(OptionalLong.empty(), limit.page("NOT_JSON", "A", 9));

        othersPaged = false;
        clock.pass(PageLimit.WINDOW);
        assertEquals(OptionalLong.of(21), limit.page("NOT_JSON", "A", 1));
    }

    /** Memory is bounded: the oldest sender is forgotten, and can cause one page too many. */
    @Test
    void aThousandSendersAreRememberedAndTheOldestIsForgotten() {
        PageLimit roomy = new PageLimit(this::isFirst, world.journal, clock, PageLimit.WINDOW, Integer.MAX_VALUE);
        for (int n = 0; n < 1_000; n++) {
            roomy.page("NOT_JSON", "sender " + n, 1);
        }
        assertEquals(OptionalLong.empty(), roomy.page("NOT_JSON", "sender 0", 1));

        roomy.page("NOT_JSON", "one more", 1);
        assertEquals(OptionalLong.empty(), roomy.page("NOT_JSON", "sender 0", 1));
        assertEquals(OptionalLong.of(0), roomy.page("NOT_JSON", "sender 1", 1));
    }

    @Test
    void aNewWindowHasRoomForNewSenders() {
        for (int n = 0; n < PageLimit.SENDERS; n++) {
            limit.page("NOT_JSON", "sender " + n, 1);
        }
        assertEquals(OptionalLong.of(0), limit.page("NOT_JSON", "the first of many", 1));
        assertEquals(OptionalLong.empty(), limit.page("NOT_JSON", "the second of many", 1));

        clock.pass(PageLimit.WINDOW);
        assertEquals(OptionalLong.of(0), limit.page("NOT_JSON", "new", 1));
        assertEquals("2026-01-01T13:00:00Z NOT_JSON new", asked.get(asked.size() - 1));
    }
}
