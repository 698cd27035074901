package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.sandbox.OnRealInstances;
import dev.gantry.sandbox.ec2.NspawnFactory;
import dev.gantry.sandbox.testing.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.InvocationDoesNotExistException;

/** Instances that boot, with Ansible that really runs in them, applying the example's playbook. */
@Tag("e2e")
@OnRealInstances
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealLaunchTest {
    private static final Path SCRIPTS = Repository.path("scripts");
    private static final String HEALTH =
            SCRIPTS.resolveSibling("examples/health").toString();
    private static final String SQUATTER =
            """
            #!/bin/sh
            # What goes wrong in this image: another program holds the port of the service.
            systemd-run --unit=squatter python3 -m http.server 8080 --directory /srv
            """;

    private Deployment gantry;
    private JsonNode bundle;

    @BeforeAll
    void deploy(@TempDir Path directory) throws IOException, InterruptedException {
        String image =
                lastLine(run(SCRIPTS.resolve("lib/instances/build-image.sh").toString()));
        bundle = Deployment.parse(run(
                SCRIPTS.resolve("gantry").toString(),
                "bundle",
                "--tree",
                HEALTH,
                "--json",
                "--out",
                directory.toString()));
        gantry = Deployment.real(
                cloud -> new NspawnFactory(Path.of(image)),
                Path.of(bundle.path("path").asText()));
    }

    @AfterAll
    void close() {
        if (gantry != null) {
            gantry.close();
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), command[0] + ": " + text);
            return text;
        }
    }

    private static String lastLine(String text) {
        return text.lines().reduce("", (earlier, later) -> later);
    }

    @Test
    void aRealLaunchServesAndASpoiledOneIsAbandonedWithItsTask() throws IOException, InterruptedException {
        Fleet web = Fleet.named(gantry, ExampleFleet.GROUP);
        web.settings.put("attempts", 1);
        web.withSettings().desire(1);
        String healthy = web.awaitOne("InService");
        JsonNode left = Deployment.parse(readByRunCommand(healthy, "/etc/gantry/instance.json"));
        String address = gantry.region.ec2().find(healthy).orElseThrow().privateIp();
        assertEquals("ip-" + address.replace('.', '-'), left.path("hostname").asText());
        assertEquals(bundle.path("sha256").asText(), left.path("bundle").asText());
        JsonNode answer = healthAnswer(address);
        assertEquals("serving", answer.path("status").asText());
        assertEquals(left.path("hostname"), answer.path("hostname"));

        spoilTheNextInstance();
        web.desire(2);
        JsonNode page = gantry.logs.await("abandoned", ExampleFleet.GROUP);
        assertTrue(page.path("task").asText().startsWith("health : "), page.toString());
        assertTrue(page.path("message").asText().contains("8080"), page.toString());
        assertEquals("InService", web.state(healthy));
    }

    private void spoilTheNextInstance() {
        gantry.autoScaling.createLaunchConfiguration(request -> request.launchConfigurationName("spoiled")
                .imageId("ami-0123456789abcdef0")
                .instanceType("t3.small")
                .userData(Base64.getEncoder().encodeToString(SQUATTER.getBytes(StandardCharsets.UTF_8))));
        gantry.autoScaling.updateAutoScalingGroup(
                request -> request.autoScalingGroupName(ExampleFleet.GROUP).launchConfigurationName("spoiled"));
    }

    private String readByRunCommand(String instance, String file) {
        String command = gantry.ssm
                .sendCommand(request -> request.instanceIds(instance)
                        .documentName("AWS-RunShellScript")
                        .parameters(Map.of("commands", List.of("cat " + file))))
                .command()
                .commandId();
        return Await.until("the answer of " + command, () -> answer(command, instance))
                .standardOutputContent();
    }

    /** Just after SendCommand an invocation cannot be found yet. */
    private Optional<GetCommandInvocationResponse> answer(String command, String instance) {
        try {
            return Optional.of(gantry.ssm.getCommandInvocation(
                            request -> request.commandId(command).instanceId(instance)))
                    .filter(invocation -> invocation.statusAsString().equals("Success"));
        } catch (InvocationDoesNotExistException notYet) {
            return Optional.empty();
        }
    }

    private static JsonNode healthAnswer(String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + ":8080/health.json"))
                .build();
        return Deployment.parse(HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body());
    }
}
