package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
        Await.until("the group launches no more", () -> suspended("breaking"));
        gantry.logs.await("breaker_opened", bundle);
        assertEquals("refused", fleet.propose(bundle).path("status").asText());
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
