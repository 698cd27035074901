package dev.gantry.sandbox.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.sandbox.testing.HandTimers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateScheduleTest {
    private final HandTimers timers = new HandTimers();
    private final List<String> invoked = new ArrayList<>();
    private final RateSchedule schedule = new RateSchedule(
            "gantry-sweep", "eu-central-1", "111122223333", Duration.ofMinutes(1), timers, invoked::add);

    @Test
    void itFiresOncePerRateUntilItIsClosed() {
        schedule.start();
        timers.advance(Duration.ofSeconds(59));
        assertEquals(0, invoked.size());
        timers.advance(Duration.ofSeconds(121));
        assertEquals(3, invoked.size());
        schedule.close();
        timers.advance(Duration.ofMinutes(5));
        assertEquals(3, invoked.size());
    }

    @Test
    void withoutAnInputTheTargetGetsTheDefaultNotification() throws JsonProcessingException {
        schedule.start();
        timers.advance(Duration.ofMinutes(1));
        JsonNode event = new ObjectMapper().readTree(invoked.get(0));
        assertEquals("Scheduled Event", event.path("detail-type").asText());
        assertEquals("aws.scheduler", event.path("source").asText());
        assertEquals(
                "arn:aws:scheduler:eu-central-1:111122223333:schedule/default/gantry-sweep",
                event.path("resources").get(0).asText());
        assertTrue(event.path("detail").isTextual());
        assertEquals("{}", event.path("detail").asText());
    }
}
