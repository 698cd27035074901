package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.twin.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the log says about sends, and which runs share a command. */
final class SentLinesTest {
    private final World world = new World();

    private Map<String, Object> lastLine() {
        var lines = world.journal.lines("run_sent");
        return lines.get(lines.size() - 1).fields();
    }

    private InstanceId online() {
        InstanceId instance = world.launch();
        world.online(instance);
        return instance;
    }

    @Test
    void aSendIsLoggedWithTheCommandOfEachInstanceThatGotIt() {
        InstanceId good = online();
        InstanceId unknown = online();
        world.commands.doesNotKnow(unknown);
        world.reconciler().look(List.of(world.event(good), world.event(unknown)));

        assertEquals(
                Map.of(good.value(), world.commands.on(good).get(0).id(), unknown.value(), "not registered"),
                lastLine().get("outcomes"));
        assertEquals(false, lastLine().get("resend"));
    }

    @Test
    void aSendThatIsRefusedOrUnclearIsLoggedWithTheReason() {
        InstanceId instance = online();
        world.commands.refuseNext(new GantryException.Retryable("Rate exceeded", null));
        world.look(world.event(instance));
        assertEquals(
                Map.of(instance.value(), "refused: Rate exceeded"), lastLine().get("outcomes"));

        world.commands.loseNextRequest();
        world.look(instance);
        assertEquals(
                Map.of(instance.value(), "unclear: connection reset"),
                lastLine().get("outcomes"));
    }

    /** Two looks claimed two runs, and both sends were lost: each is repeated under its own id. */
    @Test
    void twoLostRunsAreNotRepeatedAsOne() {
        InstanceId first = online();
        world.commands.loseNextRequest();
        world.look(world.event(first));
        InstanceId second = online();
        world.commands.loseNextRequest();
        world.look(world.event(second));
        world.clock.pass(World.TAKEOVER);
        for (int look = 0; look < 3; look++) {
            world.reconciler().look(List.of(Look.at(first), Look.at(second)));
            world.clock.passSeconds(30);
        }

        assertEquals("run-00000001", runOn(first));
        assertEquals("run-00000002", runOn(second));
        assertTrue((boolean) lastLine().get("resend"));
    }

    private String runOn(InstanceId instance) {
        assertEquals(1, world.commands.on(instance).size());
        return world.commands.on(instance).get(0).command().run().orElseThrow().value();
    }
}
