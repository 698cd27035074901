package dev.gantry.sandbox.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
 * Launches through the bastion while every call of the functions to Systems Manager fails: instances and a bastion that boot,
 * OpenSSH, the shipped packages, Ansible. Each launch in a fleet of its own, all at the same time.
 */
@Tag("e2e")
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FallbackTest {
    private static final Optional<Duration> NEVER = Optional.empty();
    private static final Optional<Duration> AT_ONCE = Optional.of(Duration.ofMillis(200));
    private static final String RAN = "/srv/ran";

    private FallbackWorld world;

    @BeforeAll
    void deploy(@TempDir Path directory) throws IOException, InterruptedException {
        world = new FallbackWorld(directory, true);
    }

    @AfterAll
    void close() {
        if (world != null) {
            world.close();
        }
    }

    @Scenario
    void withoutSystemsManagerAnInstanceEntersServiceAndThenTheKeyOpensNothing() {
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
    void whileAnotherRunHasItsTurnTheInstanceIsBusyAndAfterwardsTheBundleIsAppliedOnce() {
        Fleet fleet = world.fleet("busy", AT_ONCE, "echo ours >>/srv/ran", settings -> settings.putObject("fallback")
                .put("use", "when-unreachable")
                .put("afterSeconds", 20));
        String other = world.upload(fleet, "echo other >>/srv/ran; sleep 30");
        String instance = fleet.launchOne();
        world.gantry.awaitAgent(instance);
        String source = "https://s3.eu-central-1.amazonaws.com/gantry-sandbox/" + fleet.bundleKey(other);
        world.gantry.ssm.sendCommand(request -> request.instanceIds(instance)
                .documentName(FallbackWorld.DOCUMENT)
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
        fleet.awaitInService(instance);
        assertEquals("other\nours\n", world.read(instance, RAN));
        assertEquals(1, fleet.closed(instance).path("attempts").size());
    }

    @Scenario
    void aBundleThatIsMissingKillsNothingAndOnceItIsThereTheInstanceEntersService() {
        Fleet fleet = world.fleet("missing", NEVER, "echo x >>/srv/ran");
        String key = fleet.bundleKey(
                Deployment.parse(fleet.object("fleets/missing/release.json").orElseThrow())
                        .path("current")
                        .asText());
        byte[] bundle = world.get(key);
        world.gantry.s3.deleteObject(request -> request.bucket("gantry-sandbox").key(key));
        String instance = fleet.launchOne();
        world.awaitAnswer(fleet, instance, "ended");
        assertEquals("Pending:Wait", fleet.state(instance));
        world.put(key, bundle);
        fleet.awaitInService(instance);
        assertEquals("x\n", world.read(instance, RAN));
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
        String run = FallbackWorld.lastAttempt(fleet, instance)
                .orElseThrow()
                .path("runId")
                .asText();
        assertEquals(
                "cancelled",
                world.ask("cancel", fleet, instance, run).path("state").asText());
        fleet.awaitInService(instance);
        assertEquals("x\nx\n", world.read(instance, RAN));
        assertEquals(2, fleet.closed(instance).path("attempts").size());
    }
}
