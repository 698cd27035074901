package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.stored.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The breaker in the deployed functions: its decisions really reach Auto Scaling and S3. */
@Tag("e2e")
@ExtendWith(SharedDeployment.class)
class BreakerFunctionTest {
    private final Deployment gantry;

    BreakerFunctionTest(Deployment gantry) {
        this.gantry = gantry;
    }

    @Scenario
    void aBundleThatFailsAndHasNoOtherToGoBackToSuspendsTheLaunches() {
        gantry.playbooks.play("breaking", (isFirst, nth) -> Playbooks.failure());
        Fleet fleet = Fleet.named(gantry, "breaking");
        fleet.settings
                .put("attempts", 1)
                .putObject("breaker")
                .put("failures", 1)
                .put("abandonments", 100);
        String bundle = fleet.withSettings().publish("a bundle that fails");
        fleet.withGroup(fleet.hook("gantry", 300));
        fleet.launchOne();
        Await.until("the group no longer launches", () -> suspended("breaking"));
        gantry.logs.await("breaker_opened", bundle);
        assertEquals("refused", fleet.propose(bundle).path("status").asText());
    }

    /** Its services stop in no fixed order, so the playbook fails. */
    @Scenario
    void aRunThatFailsWhileEc2TakesItsSpotInstanceBackDoesNotCountAgainstItsBundle() {
        CompletableFuture<Void> warned = new CompletableFuture<>();
        gantry.playbooks.play("spot", (isFirst, nth) -> {
            warned.join();
            return Playbooks.failure();
        });
        Fleet fleet = Fleet.named(gantry, "spot");
        fleet.settings.put("attempts", 1).putObject("breaker").put("failures", 1);
        fleet.withSettings().publish("a good bundle");
        String instance = fleet.withGroup(fleet.hook("gantry", 300)).launchOne();
        gantry.logs.await("run_sent", instance);

        gantry.sandbox
                .cloud()
                .events()
                .put(
                        "aws.ec2",
                        "EC2 Spot Instance Interruption Warning",
                        List.of(),
                        Json.object().put("instance-id", instance).put("instance-action", "terminate"));
        Await.until("the record has the warning", () -> fleet.record(instance)
                .filter(record -> record.has("interruptedAt"))
                .isPresent());
        warned.complete(null);

        Await.until("the run is over", () -> fleet.record(instance)
                .filter(record -> record.path("attempts").path(0).has("end"))
                .isPresent());
        JsonNode run = fleet.record(instance).orElseThrow().path("attempts").path(0);
        assertEquals("undelivered", run.path("end").path("verdict").asText(), run.toString());
        assertFalse(fleet.record(instance).orElseThrow().has("closing"), "it is not abandoned");
    }

    private boolean suspended(String group) {
        return gantry
                .autoScaling
                .describeAutoScalingGroups(request -> request.autoScalingGroupNames(group))
                .autoScalingGroups()
                .get(0)
                .suspendedProcesses()
                .stream()
                .anyMatch(process -> process.processName().equals("Launch"));
    }
}
