package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.OnRealInstances;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Launches through the bastion, because every call of the functions to Systems Manager fails: on instances that boot, as
 * {@link BastionTest}'s.
 */
@Tag("e2e")
@OnRealInstances(packages = BastionWorld.PACKAGE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BastionOutageTest {
    private static final Optional<Duration> NEVER = Optional.empty();
    private static final Optional<Duration> AT_ONCE = Optional.of(Duration.ofMillis(200));
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

    /** The others begin once this one has made Systems Manager fail. */
    @Scenario
    void aCommandThatIsUnderWayWhenSystemsManagerGoesAwayIsFoundOverTheBastionAndExecutedOnce() {
        Fleet fleet = world.fleet("silent", AT_ONCE, "echo x >>/srv/ran; sleep 20");
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

    @Scenario
    void withoutSystemsManagerAnInstanceEntersServiceAndThenTheKeyOpensNothing() {
        world.awaitOutage();
        Fleet fleet = world.fleet("away", NEVER, "echo x >>/srv/ran");
        String instance = fleet.launchOne();
        fleet.awaitInService(instance);
        assertEquals("x\n", world.read(instance, RAN));
        JsonNode stay = fleet.closed(instance);
        assertEquals("provisioned", stay.path("closing").path("kind").asText());
        JsonNode attempt = stay.path("attempts").path(0);
        assertEquals("bastion", attempt.path("channel").asText());
        assertNotEquals("", attempt.path("fallback").path("why").asText());
        assertEquals(1, stay.path("attempts").size());
        assertEquals(List.of(), fleet.commands(instance));

        String run = attempt.path("runId").asText();
        JsonNode refused = Await.until(
                "the key is refused by " + instance, () -> Optional.of(world.ask("status", fleet, instance, run))
                        .filter(answer -> answer.path("detail").asText().contains(" refused user gantry")));
        assertEquals("misconfigured", refused.path("state").asText());
        assertEquals("", world.read(instance, "/var/lib/gantry-login/.ssh/authorized_keys"));
        assertEquals("", world.read(instance, "/etc/sudoers.d/gantry-fallback"));
    }

    @Scenario
    void whileAnotherRunHoldsTheLockTheInstanceIsBusyAndAfterwardsTheBundleIsAppliedOnce() {
        world.awaitOutage();
        Fleet fleet = world.fleet("busy", AT_ONCE, "echo ours >>/srv/ran");
        String other = world.upload(fleet, "echo other >>/srv/ran; until [ -e /srv/go ]; do sleep 1; done");
        String instance = fleet.launchOne();
        world.gantry.awaitAgent(instance);
        String source = "https://s3.eu-central-1.amazonaws.com/gantry-sandbox/" + fleet.bundleKey(other);
        world.gantry.ssm.sendCommand(request -> request.instanceIds(instance)
                .documentName(BastionWorld.DOCUMENT)
                .parameters(Map.of(
                        "SourceType", List.of("S3"),
                        "SourceInfo", List.of("{\"path\":\"" + source + "\"}"),
                        "BundleSha256", List.of(other),
                        "InstallDependencies", List.of("False"),
                        "PlaybookFile", List.of("playbook.yml"),
                        "RunId", List.of("by-hand"))));
        String run = world.awaitAnswer(fleet, instance, "busy");
        String holder =
                world.answer(fleet, instance, run).orElseThrow().path("holder").asText();
        assertTrue(holder.isEmpty() || holder.startsWith("by-hand "), holder);
        world.write(instance, "/srv/go");
        fleet.awaitInService(instance);
        assertEquals("other\nours\n", world.read(instance, RAN));
        assertEquals(1, fleet.closed(instance).path("attempts").size());
    }
}
