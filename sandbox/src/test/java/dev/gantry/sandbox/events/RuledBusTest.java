package dev.gantry.sandbox.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.sandbox.testing.HandTimers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuledBusTest {
    private final HandTimers timers = new HandTimers();
    private final RuledBus bus = new RuledBus("eu-central-1", "111122223333", timers);
    private final List<String> delivered = new ArrayList<>();

    private void put(String source) {
        bus.put(
                source,
                "EC2 Instance-launch Lifecycle Action",
                List.of("arn:aws:autoscaling:x"),
                JsonNodeFactory.instance.objectNode().put("LifecycleHookName", "gantry"));
    }

    private void rule(String name) {
        bus.put(new Rule(name, EventPattern.parse("{\"source\": [\"aws.autoscaling\"]}"), delivered::add));
    }

    @Test
    void anEventArrivesInItsEnvelope() throws JsonProcessingException {
        rule("all");
        timers.advance(Duration.ofMillis(1500));
        put("aws.autoscaling");
        JsonNode event = new ObjectMapper().readTree(delivered.get(0));
        assertEquals("0", event.path("version").asText());
        assertTrue(event.path("id").asText().matches("[0-9a-f-]{36}"));
        assertEquals(
                "EC2 Instance-launch Lifecycle Action",
                event.path("detail-type").asText());
        assertEquals("aws.autoscaling", event.path("source").asText());
        assertEquals("111122223333", event.path("account").asText());
        assertEquals("2026-01-01T00:00:01Z", event.path("time").asText());
        assertEquals("eu-central-1", event.path("region").asText());
        assertEquals("arn:aws:autoscaling:x", event.path("resources").get(0).asText());
        assertEquals("gantry", event.at("/detail/LifecycleHookName").asText());
    }

    @Test
    void eachMatchingRuleGetsTheEventAndNoOther() {
        rule("one");
        rule("two");
        put("aws.autoscaling");
        put("aws.ec2");
        assertEquals(2, delivered.size());
    }

    @Test
    void aRuleOfTheSameNameIsReplaced() {
        rule("one");
        rule("one");
        put("aws.autoscaling");
        assertEquals(1, delivered.size());
    }

    @Test
    void deliveriesCanBeLostDoubledAndLate() {
        rule("one");
        bus.deliver(Delivery.LOST);
        put("aws.autoscaling");
        assertEquals(0, delivered.size());
        bus.deliver(event -> List.of(Duration.ZERO, Duration.ofSeconds(30)));
        put("aws.autoscaling");
        assertEquals(1, delivered.size());
        timers.advance(Duration.ofSeconds(30));
        assertEquals(2, delivered.size());
        assertEquals(delivered.get(0), delivered.get(1));
    }
}
