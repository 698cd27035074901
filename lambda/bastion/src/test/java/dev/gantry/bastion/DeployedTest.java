package dev.gantry.bastion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.bastion.testing.LocalS3;
import dev.gantry.bastion.testing.Samples;
import dev.gantry.sandbox.lambda.Function;
import dev.gantry.sandbox.lambda.FunctionSpec;
import dev.gantry.sandbox.lambda.Outcome;
import dev.gantry.sandbox.lambda.Throttled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The shipped zip, run by AWS's own runtime interface client, as Terraform deploys it; configured by its environment alone. */
@Tag("zip")
class DeployedTest {
    private static final Path ZIP = Path.of("target/gantry-bastion.zip");
    private static final String ROTATE = "{\"action\": \"rotate\", \"overlapSeconds\": 3600}";

    private final LocalS3 s3 = new LocalS3();
    private Function function;

    @BeforeEach
    void deploy() {
        Assumptions.assumeTrue(Files.exists(ZIP), ZIP + " has not been made");
        function = s3.cloud()
                .lambda()
                .deploy(new FunctionSpec(
                        "gantry-bastion",
                        "dev.gantry.bastion.BastionHandler::handleRequest",
                        ZIP,
                        Duration.ofSeconds(30),
                        512,
                        Map.of(
                                "GANTRY_BUCKET", LocalS3.BUCKET,
                                "GANTRY_BASTION_SUBNETS", "10.0.1.0/24,10.0.2.0/24",
                                "GANTRY_ACCOUNT", "111122223333",
                                "GANTRY_BASTION_KMS_KEY", "arn:aws:kms:eu-central-1:111122223333:key/k"),
                        Optional.empty()));
    }

    @AfterEach
    void close() {
        s3.close();
    }

    private static String event(String body) throws IOException {
        try (InputStream in = Objects.requireNonNull(DeployedTest.class.getResourceAsStream("/events/sqs.json"))) {
            JsonNode event = Samples.json(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            ((ObjectNode) event.at("/Records/0")).put("body", body);
            return event.toString();
        }
    }

    @Test
    void itMakesItsKeysOnceAndAnswersAMessageOfItsQueue() throws IOException, Throttled {
        Outcome first = function.invoke(ROTATE);
        assertFalse(first.failed(), first.payload());
        assertTrue(s3.text("bastion/keys/pair.json").contains("BEGIN PRIVATE KEY"));

        Outcome answered = function.invoke(event(Samples.message("status")));
        assertFalse(answered.failed(), answered.payload());
        assertEquals(Samples.json("{\"batchItemFailures\": []}"), Samples.json(answered.payload()));
        JsonNode answer = Samples.json(s3.text("bastion/answers/" + Samples.RUN + "/" + Samples.INSTANCE + ".json"));
        assertEquals("retryable", answer.get("state").asText());
        assertTrue(answer.get("detail").asText().contains("has not written its host keys"), answer::toString);
    }

    @Test
    void aMessageThatCannotBeReadIsReportedByItsId() throws IOException, Throttled {
        assertEquals(
                Samples.json(
                        "{\"batchItemFailures\": [{\"itemIdentifier\": \"059f36b4-87a3-44ab-83d2-661975830a7d\"}]}"),
                Samples.json(function.invoke(event("rubbish")).payload()));
    }

    @Test
    void aRotationThatDidNotHappenIsAnErrorOfTheFunction() throws Throttled {
        assertFalse(function.invoke(ROTATE).failed());
        assertFalse(function.invoke(ROTATE).failed());
        Outcome refused = function.invoke(ROTATE);

        assertTrue(refused.failed());
        assertTrue(refused.payload().contains("rotate again after "), refused.payload());
    }
}
