package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SweepHandlerTest {
    private final World world = new World();
    private final SweepHandler handler = new SweepHandler(Wirings.of(world, new FakeMessages()));

    @Test
    void looksAtEveryWaitingInstanceAndCountsTheDecisionsOfEachKind() {
        InstanceId ready = world.launch();
        world.online(ready);
        world.launch(2);

        JsonNode answer = Invoked.with(handler, "{}", FakeContext.of(":live"));

        assertEquals(1, world.commands.on(ready).size());
        assertEquals(2, answer.path("Wait:AGENT").asInt(), answer.toString());
        assertEquals(2, answer.size(), answer.toString());
        assertEquals(
                answer,
                Invoked.payload(world.journal.lines("swept").get(0).fields()).path("decisions"));
    }

    /** The handler asks the system for the time, which is behind the twins' here. */
    @Test
    void beginsNothingIfNoTimeIsLeft() {
        world.clock.pass(Duration.ofDays(100 * 365));
        InstanceId ready = world.launch();
        world.online(ready);

        Invoked.with(handler, "{}", FakeContext.of(":live"));

        assertTrue(world.commands.on(ready).isEmpty());
    }
}
