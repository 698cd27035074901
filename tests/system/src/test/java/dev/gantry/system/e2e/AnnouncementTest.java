package dev.gantry.system.e2e;

import dev.gantry.sandbox.Clients;
import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.wire.AccessKeys.Identity;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;

/** An instance that announces itself, when neither its launch event nor a sweep finds it. */
@Tag("e2e")
class AnnouncementTest {
    private static final String ANNOUNCING = "announcing";

    @Test
    void theAnnouncementAloneStartsTheInstancesRun() throws IOException {
        try (Deployment gantry = Deployment.forTrouble()) {
            gantry.deliveries.loseLaunches(ANNOUNCING);
            Fleet fleet = Fleet.ready(gantry, ANNOUNCING);
            String instance = fleet.launchOne();
            gantry.awaitAgent(instance);
            announce(gantry, instance);
            Await.until(
                    "a command for " + instance, () -> !fleet.commands(instance).isEmpty());
        }
    }

    /** As an instance does it: with its role's session, which has the instance's id. */
    private static void announce(Deployment gantry, String instance) {
        String key = "ASIASANDBOXINSTANCE1";
        gantry.sandbox.cloud().keys().register(key, Identity.assumedRole(Sandbox.ACCOUNT, "gantry-instance", instance));
        try (SqsClient sqs = new Clients(gantry.sandbox.endpoint(), key).sqs()) {
            sqs.sendMessage(request -> request.queueUrl(gantry.queueUrl(ExampleFleet.QUEUE))
                    .messageBody("{\"source\": \"gantry\", \"detail-type\": \"Instance Announcement\", \"detail\":"
                            + " {\"EC2InstanceId\": \"" + instance + "\"}}"));
        }
    }
}
