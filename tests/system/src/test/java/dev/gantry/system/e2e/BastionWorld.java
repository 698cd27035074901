package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.BastionFallback;
import dev.gantry.sandbox.BastionFiles;
import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.sandbox.ec2.NspawnFactory;
import dev.gantry.sandbox.testing.Repository;
import dev.gantry.sandbox.testing.Zips;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Faults;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A deployment with the bastion fallback: instances and a bastion that boot, OpenSSH, the shipped packages. Every call of the
 * functions to Systems Manager fails while that is away.
 */
final class BastionWorld implements AutoCloseable {
    static final String DOCUMENT = "Gantry-ApplyAnsiblePlaybooks";
    private static final Path ROOT = Repository.path("");
    /** The bastion function's, as the shipped one. */
    static final String PACKAGE = "lambda/bastion/target/gantry-bastion.zip";

    private static final String PLAYBOOK =
            """
            ---
            - hosts: all
              gather_facts: false
              tasks:
                - name: Do what the test wants
                  ansible.builtin.shell: |
                    %s
            """;

    final Deployment gantry;
    private volatile boolean ssmAway;

    BastionWorld(Path directory) throws IOException, InterruptedException {
        Path program = directory.resolve("program.zip");
        run(ROOT.resolve("scripts/dev/build-documents").toString(), "--program", program.toString());
        String image = run(ROOT.resolve("scripts/lib/instances/build-image.sh").toString())
                .strip();
        gantry = Deployment.withFallback(
                cloud -> new NspawnFactory(Path.of(image)), BastionFiles.in(ROOT, program), this::systemsManager);
        gantry.registration(BastionFallback.GROUP, Optional.empty());
    }

    private Faults.Fault systemsManager(String service, String operation, String accessKey) {
        return ssmAway && service.equals("ssm") && Hazards.isFunction(accessKey)
                ? new Faults.Fault.ErrorResponse(
                        new AwsError(500, "InternalServerError", "An error occurred on the server side."), false)
                : new Faults.Fault.None();
    }

    void takeSystemsManagerAway() {
        ssmAway = true;
    }

    void awaitOutage() {
        Await.until("Systems Manager is away", () -> ssmAway);
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

    /**
     * A fleet with the fallback, without instances yet.
     *
     * @param agent when its instances' agents register; empty for never
     * @param shell the line that is all of its bundle
     * @param more changes its settings
     */
    Fleet fleet(String name, Optional<Duration> agent, String shell, Consumer<ObjectNode> more) {
        gantry.registration(name, agent);
        Fleet fleet = Fleet.named(gantry, name);
        fleet.settings.putObject("document").put("name", DOCUMENT).put("version", "1");
        fleet.settings.put("runTimeoutSeconds", 120).put("agentDeadlineSeconds", 60);
        fleet.settings.putObject("fallback").put("use", "when-unreachable").put("afterSeconds", 5);
        more.accept(fleet.settings);
        fleet.withSettings();
        assertEquals(
                "accepted", fleet.propose(upload(fleet, shell)).path("status").asText());
        launchConfiguration(name);
        gantry.autoScaling.createAutoScalingGroup(request -> request.autoScalingGroupName(name)
                .launchConfigurationName(name)
                .minSize(0)
                .maxSize(2)
                .desiredCapacity(0)
                .vpcZoneIdentifier("subnet-0123456789abcdef0")
                .lifecycleHookSpecificationList(fleet.hook("gantry", 300)));
        return fleet;
    }

    Fleet fleet(String name, Optional<Duration> agent, String shell) {
        return fleet(name, agent, shell, settings -> {});
    }

    private void launchConfiguration(String fleet) {
        try {
            String userData = gantry.example
                    .bastion()
                    .orElseThrow()
                    .instanceUserData(ExampleFleet.BUCKET, fleet, Duration.ofMinutes(15));
            gantry.autoScaling.createLaunchConfiguration(request -> request.launchConfigurationName(fleet)
                    .imageId("ami-0123456789abcdef0")
                    .instanceType("t3.small")
                    .userData(userData));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a bundle of one line of shell where the fleet's are; the answer is its name. */
    String upload(Fleet fleet, String shell) {
        byte[] zip = zip(shell);
        String sha256 = sha256(zip);
        put(fleet.bundleKey(sha256), zip);
        return sha256;
    }

    static byte[] zip(String shell) {
        try {
            return Zips.of(Map.of("playbook.yml", PLAYBOOK.formatted(shell)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void put(String key, byte[] bytes) {
        // Without a client: the bucket's policy lets none write a bundle twice, and these tests do.
        gantry.sandbox.cloud().s3().put(ExampleFleet.BUCKET, key, bytes);
    }

    byte[] get(String key) {
        return gantry.s3
                .getObjectAsBytes(request -> request.bucket(ExampleFleet.BUCKET).key(key))
                .asByteArray();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The attempt that is under way, or the last one. */
    static Optional<JsonNode> lastAttempt(Fleet fleet, String instance) {
        return fleet.record(instance)
                .map(stay -> stay.path("attempts"))
                .filter(attempts -> !attempts.isEmpty())
                .map(attempts -> attempts.get(attempts.size() - 1));
    }

    /** Waits until the bastion function got this answer about the instance's last run; returns the run's id. */
    String awaitAnswer(Fleet fleet, String instance, String... states) {
        Await.until(
                "the answer " + String.join(" or ", states) + " of " + instance,
                () -> lastAnswer(fleet, instance)
                        .filter(answer ->
                                List.of(states).contains(answer.path("state").asText()))
                        .isPresent(),
                () -> fleet.record(instance) + ", " + lastAnswer(fleet, instance));
        return lastAttempt(fleet, instance).orElseThrow().path("runId").asText();
    }

    private Optional<JsonNode> lastAnswer(Fleet fleet, String instance) {
        return lastAttempt(fleet, instance)
                .flatMap(
                        attempt -> answer(fleet, instance, attempt.path("runId").asText()));
    }

    Optional<JsonNode> answer(Fleet fleet, String instance, String run) {
        return fleet.object("bastion/answers/" + run + "/" + instance + ".json").map(Deployment::parse);
    }

    /** Asks as the launch function would, with its own messages, until bastion and answer are there. */
    JsonNode ask(String question, Fleet fleet, String instance, String run) {
        return Await.until(
                "an answer to " + question + " " + run, () -> Optional.of(askOnce(question, fleet, instance, run))
                        .filter(answer -> !answer.path("state").asText().equals("retryable")));
    }

    /** The answer to another question may replace it before it was seen. */
    private JsonNode askOnce(String question, Fleet fleet, String instance, String run) {
        String at = Instant.now().toString();
        String message = JsonNodeFactory.instance
                .objectNode()
                .put("format", 1)
                .put("ask", question)
                .put("fleet", fleet.name())
                .put("instance", instance)
                .put("run", run)
                .put("at", at)
                .toString();
        String url = gantry.queueUrl(BastionFallback.QUEUE);
        gantry.sqs.sendMessage(request -> request.queueUrl(url).messageBody(message));
        return Await.until("an answer to " + message, () -> answer(fleet, instance, run)
                .filter(answer ->
                        !Instant.parse(answer.path("askedAt").asText()).isBefore(Instant.parse(at))));
    }

    /** A file of the instance; empty if there is none. */
    String read(String instance, String file) {
        try {
            return gantry.region.ec2().machine(instance).orElseThrow().read(file);
        } catch (IOException notThere) {
            return "";
        }
    }

    /** Makes an empty file. */
    void write(String instance, String file) {
        try {
            gantry.region.ec2().machine(instance).orElseThrow().write(file, InputStream.nullInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        gantry.close();
    }
}
