package dev.gantry.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.aws.loopback.DroppingServer;
import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Call;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.aws.s3.S3Objects;
import dev.gantry.aws.ssm.SsmAgents;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.stored.ObjectKeys;
import dev.gantry.stored.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;

class AwsClientsTest {
    private final Map<String, Optional<String>> before = new HashMap<>();

    /** The SDK reads the environment's variables and these properties as one; a test can set the properties. */
    private void environment(String property, String value) {
        before.put(property, Optional.ofNullable(System.getProperty(property)));
        System.setProperty(property, value);
    }

    @AfterEach
    void restore() {
        before.forEach((property, value) ->
                value.ifPresentOrElse(v -> System.setProperty(property, v), () -> System.clearProperty(property)));
    }

    @Test
    void endpointRegionAndCredentialsComeFromTheEnvironment() {
        try (LoopbackAws aws = new LoopbackAws(call -> call.method().equals("GET")
                ? Response.s3Error(404, "NoSuchKey")
                : Response.json("{\"InstanceInformationList\":[]}"))) {
            environment("aws.endpointUrl", aws.endpoint().toString());
            environment("aws.region", "eu-central-1");
            environment("aws.accessKeyId", "sandbox");
            environment("aws.secretAccessKey", "sandbox");

            try (AwsClients clients = AwsClients.fromEnvironment()) {
                new SsmAgents(clients.ssm()).describe(Samples.instances(1));
                new S3Objects(clients.s3(), "gantry-sandbox").read(ObjectKeys.settings(new FleetName("web/eu 1")));
            }

            List<Call> calls = aws.calls();
            assertEquals("DescribeInstanceInformation", calls.get(0).action());
            assertTrue(calls.get(0).headers().get("authorization").contains("/eu-central-1/ssm/aws4_request"));
            assertEquals(
                    "/gantry-sandbox/fleets/web%252Feu%25201/settings.json",
                    calls.get(1).path());
        }
    }

    /** "Expect: 100-continue" costs a round trip, and the objects here have a few kilobytes. */
    @Test
    void anObjectIsWrittenWithoutExpectContinue() {
        try (LoopbackAws aws = new LoopbackAws(call -> Response.of(200, ""))) {
            aws.clients()
                    .s3()
                    .putObject(to -> to.bucket("gantry-sandbox").key("key"), RequestBody.fromString("a record"));
            assertEquals(
                    Optional.empty(),
                    Optional.ofNullable(aws.calls().get(0).headers().get("expect")));
        }
    }

    /** An interruption while they are built must not be lost: it is the caller's. */
    @Test
    void clientsThatAreBuiltSideBySideAreThoseThatAreUsed() {
        try (LoopbackAws aws = new LoopbackAws(call -> Response.of(200, ""));
                AwsClients clients = LoopbackAws.clientsOf(aws.endpoint(), Duration.ofSeconds(10))) {
            Thread.currentThread().interrupt();
            clients.buildSideBySide();

            assertTrue(Thread.interrupted());
            assertSame(clients.s3(), clients.s3());
            clients.s3().putObject(to -> to.bucket("gantry-sandbox").key("key"), RequestBody.fromString("a record"));
            assertEquals(1, aws.calls("PUT").size());
        }
    }

    private static final Response NO_AGENTS = Response.json("{\"InstanceInformationList\":[]}");

    @Test
    void aCallWhoseAnswerEndsInTheMiddleIsMadeAgain() {
        try (LoopbackAws aws = new LoopbackAws(LoopbackAws.inOrder(NO_AGENTS.cutShort(), NO_AGENTS))) {
            assertEquals(Map.of(), new SsmAgents(aws.clients().ssm()).describe(Samples.instances(1)));
            assertEquals(2, aws.calls("DescribeInstanceInformation").size());
        }
        Response completed = Response.query("CompleteLifecycleAction", "");
        try (LoopbackAws aws = new LoopbackAws(LoopbackAws.inOrder(completed.cutShort(), completed))) {
            aws.clients().autoScaling().completeLifecycleAction(request -> request.autoScalingGroupName("web")
                    .lifecycleHookName("gantry")
                    .lifecycleActionResult("CONTINUE"));
            assertEquals(2, aws.calls("CompleteLifecycleAction").size());
        }
        Response object = Response.of(200, "an object of some length");
        try (LoopbackAws aws = new LoopbackAws(LoopbackAws.inOrder(object.cutShort(), object))) {
            assertEquals(
                    "an object of some length",
                    new String(
                            new S3Objects(aws.clients().s3(), "gantry-sandbox")
                                    .read("key")
                                    .orElseThrow()
                                    .bytes(),
                            StandardCharsets.UTF_8));
            assertEquals(2, aws.calls().size());
        }
    }

    @Test
    void aSendWhoseAnswerEndsInTheMiddleIsNotMadeAgain() {
        Response sent = Response.json("{\"Command\":{\"CommandId\":\"0123\"}}");
        try (LoopbackAws aws = new LoopbackAws(LoopbackAws.inOrder(sent.cutShort(), sent))) {
            assertThrows(
                    SdkClientException.class,
                    () -> aws.clients().sender().sendCommand(request -> request.documentName("AWS-RunShellScript")));
            assertEquals(1, aws.calls("SendCommand").size());
        }
    }

    /** HttpURLConnection sends a POST again by itself if a kept connection breaks before the answer. */
    @Test
    void aSendOnAKeptConnectionThatBreaksIsNotMadeAgain() throws IOException {
        try (DroppingServer server = new DroppingServer("{\"InstanceInformationList\":[]}", true);
                AwsClients clients = LoopbackAws.clientsOf(server.endpoint(), Duration.ofSeconds(5))) {
            new SsmAgents(clients.ssm()).describe(Samples.instances(1));
            assertThrows(SdkClientException.class, () -> clients.sender()
                    .sendCommand(request -> request.documentName("AWS-RunShellScript")));

            assertEquals(List.of("DescribeInstanceInformation", "SendCommand"), server.requests());
            assertEquals(1, server.connections(), "the send was not on the kept connection");
        }
    }

    /** During a freeze, or before a restore, the server may have closed its end. */
    @Test
    void aStaleConnectionIsReplaced() throws IOException {
        try (DroppingServer server = new DroppingServer("{\"InstanceInformationList\":[]}", false);
                AwsClients clients = LoopbackAws.clientsOf(server.endpoint(), Duration.ofSeconds(5))) {
            SsmAgents agents = new SsmAgents(clients.ssm());

            assertEquals(Map.of(), agents.describe(Samples.instances(1)));
            assertEquals(Map.of(), agents.describe(Samples.instances(1)));

            assertTrue(server.connections() >= 2, "one connection, although it was closed");
        }
    }

    @Test
    void clientsThatAreNotUsedAreNotBuilt() {
        AtomicInteger built = new AtomicInteger();
        AwsClients clients = AwsClients.builder()
                .http(() -> {
                    built.incrementAndGet();
                    throw new IllegalStateException("not to be built");
                })
                .build();

        clients.close();

        assertEquals(0, built.get());
    }
}
