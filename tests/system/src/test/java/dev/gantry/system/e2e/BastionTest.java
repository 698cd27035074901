package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.BastionFallback;
import dev.gantry.sandbox.OnRealInstances;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Launches through the bastion, because the agent is dead: instances and a bastion that boot, OpenSSH, the shipped packages,
 * Ansible. Each launch in a fleet of its own, all at the same time, while the bastion is replaced.
 */
@Tag("e2e")
@OnRealInstances(packages = BastionWorld.PACKAGE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BastionTest {
    private static final Optional<Duration> NEVER = Optional.empty();
    private static final String RAN = "/srv/ran";

    private BastionWorld world;

    @BeforeAll
    void deploy(@TempDir Path directory) throws IOException, InterruptedException {
        world = new BastionWorld(directory);
    }

    @AfterAll
    void close() {
        if (world != null) {
            world.close();
        }
    }

    @Scenario
    void theBastionIsReplacedAndTheAgentComesBackInTheMiddleAndTheRunIsFoundAgainAndExecutedOnce() {
        Fleet fleet = world.fleet("late", NEVER, "echo x >>/srv/ran; until [ -e /srv/go ]; do sleep 1; done");
        String instance = fleet.launchOne();
        world.awaitAnswer(fleet, instance, "started", "running");
        Fleet bastions = Fleet.named(world.gantry, BastionFallback.GROUP);
        String bastion = bastions.awaitOne("InService");
        world.gantry.autoScaling.terminateInstanceInAutoScalingGroup(
                request -> request.instanceId(bastion).shouldDecrementDesiredCapacity(false));
        world.gantry.registration("late", Optional.of(Duration.ZERO));
        world.gantry.region.ec2().restartAgent(instance);
        world.gantry.awaitAgent(instance);
        world.write(instance, "/srv/go");
        fleet.awaitInService(instance);
        assertEquals("x\n", world.read(instance, RAN));
        assertEquals(1, fleet.closed(instance).path("attempts").size());
        assertEquals(List.of(), fleet.commands(instance));
        assertNotEquals(bastion, bastions.awaitOne("InService"));
    }

    @Scenario
    void aBundleOfAnotherSha256IsNotRunAndOnceItIsRepairedTheInstanceEntersService() {
        Fleet fleet = world.fleet("other", NEVER, "echo x >>/srv/ran");
        String key = fleet.bundleKey(
                Deployment.parse(fleet.object("fleets/other/release.json").orElseThrow())
                        .path("current")
                        .asText());
        byte[] bundle = world.get(key);
        world.put(key, BastionWorld.zip("echo other >>/srv/ran"));
        String instance = fleet.launchOne();
        world.gantry.logs.await("misconfigured", key);
        assertEquals("Pending:Wait", fleet.state(instance));
        assertEquals("", world.read(instance, RAN));
        world.put(key, bundle);
        fleet.awaitInService(instance);
        assertEquals("x\n", world.read(instance, RAN));
    }

    @Scenario
    void aRunThatARebootInterruptsIsTriedAgainAsAnAttemptOfItsOwn() {
        Fleet fleet = world.fleet("rebooted", NEVER, "echo x >>/srv/ran; [ $(wc -l </srv/ran) -gt 1 ] || sleep 100");
        String instance = fleet.launchOne();
        Await.until("the play of " + instance + " has begun", () -> !world.read(instance, RAN)
                .isEmpty());
        world.gantry.region.ec2().machine(instance).orElseThrow().reboot();
        fleet.awaitInService(instance);
        assertEquals("x\nx\n", world.read(instance, RAN));
        JsonNode attempts = fleet.closed(instance).path("attempts");
        assertEquals(2, attempts.size());
        assertTrue(attempts.path(0).toString().contains("interrupted"), attempts.toString());
    }

    @Scenario
    void aRunThatDoesNotEndIsEndedByItsTimeAndAbandonedWithTheReason() {
        Fleet fleet = world.fleet("endless", NEVER, "sleep 4711", settings -> settings.put("runTimeoutSeconds", 15)
                .put("attempts", 1));
        String instance = fleet.launchOne();
        JsonNode page = world.gantry.logs.await("abandoned", instance);
        assertEquals("BASTION", page.path("channel").asText(), page.toString());
        assertTrue(page.toString().contains("timeout") || page.toString().contains("15 s"), page.toString());
        Await.until(instance + " is gone", () -> !fleet.state(instance).startsWith("Pending"));
    }

    @Scenario
    void aRunThatIsCancelledIsTriedAgainAsAnAttemptOfItsOwn() {
        Fleet fleet = world.fleet("cancelled", NEVER, "echo x >>/srv/ran; [ $(wc -l </srv/ran) -gt 1 ] || sleep 100");
        String instance = fleet.launchOne();
        Await.until("the play of " + instance + " has begun", () -> !world.read(instance, RAN)
                .isEmpty());
        String run = BastionWorld.lastAttempt(fleet, instance)
                .orElseThrow()
                .path("runId")
                .asText();
        world.ask("cancel", fleet, instance, run);
        Await.until(run + " is cancelled", () -> world.answer(fleet, instance, run)
                .filter(answer -> answer.path("state").asText().equals("cancelled")));
        fleet.awaitInService(instance);
        assertEquals("x\nx\n", world.read(instance, RAN));
        assertEquals(2, fleet.closed(instance).path("attempts").size());
    }
}
