package dev.gantry.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployedWorldTest {
    private static final String DEAD =
            "{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-central-1:111122223333:gantry-dev-launches-dlq\","
                    + "\"maxReceiveCount\":1000}";

    @TempDir
    private Path folder;

    /** The file as scripts/rehearse writes it, with this expression of its schedule. */
    private Path world(String expression) throws IOException {
        Path zip = Files.write(folder.resolve("functions.zip"), new byte[0]);
        String redrive = DEAD.replace("\"", "\\\"");
        String text =
                """
                {"queues": [
                   {"name": "gantry-dev-launches-dlq", "attributes": {}},
                   {"name": "gantry-dev-launches", "attributes": {"VisibilityTimeout": "360", "RedrivePolicy": "REDRIVE"}}],
                 "functions": [{"name": "gantry-dev-sweep", "handler": "dev.gantry.function.SweepHandler::handleRequest",
                   "zip": "ZIP", "timeout": 60, "memory": 512,
                   "environment": {"GANTRY_BUCKET": "b", "GANTRY_QUEUE_URL": "http://other:5000/1/gantry-dev-launches"}}],
                 "mappings": [],
                 "schedules": [{"name": "gantry-dev-sweep", "expression": "EXPRESSION", "function": "gantry-dev-sweep"}]}
                """;
        return Files.writeString(
                folder.resolve("world.json"),
                text.replace("REDRIVE", redrive).replace("ZIP", zip.toString()).replace("EXPRESSION", expression));
    }

    @Test
    void functionsKeepTheirEnvironmentAndGetTheSandboxsQueues() throws IOException {
        try (Sandbox sandbox = Sandbox.builder()
                .with(new DeployedWorld(world("rate(1 minute)")))
                .start()) {
            Map<String, String> environment = sandbox.cloud()
                    .lambda()
                    .find("gantry-dev-sweep")
                    .orElseThrow()
                    .spec()
                    .environment();

            assertEquals("b", environment.get("GANTRY_BUCKET"));
            assertEquals(sandbox.endpoint() + "/111122223333/gantry-dev-launches", environment.get("GANTRY_QUEUE_URL"));
            assertTrue(sandbox.cloud().sqs().find("gantry-dev-launches").isPresent());
        }
    }

    @Test
    void aScheduleThatIsNoRateIsRefusedWithItsExpression() throws IOException {
        DeployedWorld world = new DeployedWorld(world("cron(0 3 * * ? *)"));

        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> Sandbox.builder().with(world).start());

        assertTrue(String.valueOf(refused.getMessage()).contains("cron(0 3 * * ? *)"), refused.getMessage());
    }
}
