package dev.gantry.sandbox.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.BastionFallback;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What changes in the middle of a launch: the agent comes back, Systems Manager goes away, the bastion is another one. */
@Tag("e2e")
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FallbackChangesTest {
    private static final String RAN = "/srv/ran";

    private FallbackWorld world;

    @BeforeAll
    void deploy(@TempDir Path directory) throws IOException, InterruptedException {
        world = new FallbackWorld(directory, false);
    }

    @AfterAll
    void close() {
        if (world != null) {
            world.close();
        }
    }

    /** In one test after the other, because Systems Manager and the bastion are everybody's. */
    @Test
    void whateverChangesInTheMiddleTheBundleIsAppliedOnce() {
        anAgentThatComesBackFindsTheStayClaimed();
        aCommandOnItsWayIsFoundOverTheBastion();
    }

    private void anAgentThatComesBackFindsTheStayClaimed() {
        Fleet fleet = world.fleet("late", Optional.of(Duration.ofSeconds(20)), "echo x >>/srv/ran; sleep 25");
        String instance = fleet.launchOne();
        world.awaitAnswer(fleet, instance, "started", "running");
        String bastion = Fleet.named(world.gantry, BastionFallback.GROUP).awaitOne("InService");
        world.gantry.autoScaling.terminateInstanceInAutoScalingGroup(
                request -> request.instanceId(bastion).shouldDecrementDesiredCapacity(false));
        world.gantry.awaitAgent(instance);
        fleet.awaitInService(instance);
        assertEquals("x\n", world.read(instance, RAN));
        assertEquals(1, fleet.closed(instance).path("attempts").size());
        assertEquals(List.of(), fleet.commands(instance));
        assertNotEquals(
                bastion,
                Fleet.named(world.gantry, BastionFallback.GROUP).awaitOne("InService"));
    }

    private void aCommandOnItsWayIsFoundOverTheBastion() {
        Fleet fleet = world.fleet("silent", Optional.of(Duration.ofMillis(200)), "echo x >>/srv/ran; sleep 25");
        String instance = fleet.launchOne();
        Await.until("the play of " + instance + " has begun", () -> !world.read(instance, RAN)
                .isEmpty());
        world.takeSystemsManagerAway();
        fleet.awaitInService(instance);
        assertEquals("x\n", world.read(instance, RAN));
        JsonNode attempts = fleet.closed(instance).path("attempts");
        assertEquals(1, attempts.size());
        assertEquals("bastion", attempts.path(0).path("channel").asText());
        assertEquals(1, fleet.commands(instance).size());
    }
}
