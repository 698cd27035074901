package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SweepHandlerTest {
    private final World world = new World();
    private final SweepHandler handler = new SweepHandler(Wirings.of(world, new FakeMessages()));

    @Test
    void looksAtEveryWaitingInstanceAndCountsTheDecisionsOfEachKind() {
        InstanceId ready = world.launch();
        world.online(ready);
        world.launch(2);

        Map<String, Integer> counts = handler.handleRequest(Map.of(), FakeContext.of(":live"));

        assertEquals(1, world.commands.on(ready).size());
        assertEquals(3, counts.values().stream().mapToInt(n -> n).sum());
        assertEquals(2, counts.get("Wait:AGENT"), counts.toString());
        assertEquals(
                Map.of("decisions", counts), world.journal.lines("swept").get(0).fields());
    }

    /** The handler asks the system for the time, which is behind the twins' here. */
    @Test
    void beginsNothingWhereNoTimeIsLeft() {
        world.clock.pass(Duration.ofDays(100 * 365));
        InstanceId ready = world.launch();
        world.online(ready);

        handler.handleRequest(Map.of(), FakeContext.of(":live"));

        assertTrue(world.commands.on(ready).isEmpty());
    }
}
