package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.sandbox.BastionFiles;
import dev.gantry.sandbox.Clients;
import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.sandbox.ExampleFleet.Tempo;
import dev.gantry.sandbox.JournalFile;
import dev.gantry.sandbox.Region;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.ec2.SimulatedFactory;
import dev.gantry.sandbox.testing.Repository;
import dev.gantry.sandbox.wire.Faults;
import dev.gantry.system.permissions.EmittedLines;
import dev.gantry.system.permissions.KeptCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.ssm.SsmClient;

/**
 * Gantry deployed in a sandbox of its own, from the shipped zip, with unmodified clients of the SDK for the tests, and with
 * all that can be made to go wrong.
 */
public final class Deployment implements AutoCloseable {
    static final Path ZIP = Repository.path("lambda/function/target/gantry-function.zip");
    static final String GROUP_TAG = "aws:autoscaling:groupName";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofMillis(200);

    /** Five times the timeout of Terraform's functions, so that none times out on a busy machine. */
    public static final Tempo PATIENT = new Tempo(
            Tempo.STANDARD.timeout().multipliedBy(5),
            Tempo.STANDARD.visibility(),
            Tempo.STANDARD.sweep(),
            Tempo.STANDARD.receives());

    public final Playbooks playbooks = new Playbooks();
    final Hazards hazards = new Hazards();
    public final Calls calls = new Calls();
    public final Logs logs = new Logs();
    public final Deliveries deliveries = new Deliveries(this::groupOf);
    public final Region region;
    public final Sandbox sandbox;
    final ExampleFleet example;
    public final S3Client s3;
    public final SqsClient sqs;
    public final SsmClient ssm;
    public final AutoScalingClient autoScaling;
    final LambdaClient lambda;
    private final Map<String, Object> invoking = new ConcurrentHashMap<>();
    private final Map<String, Optional<Duration>> registrations = new ConcurrentHashMap<>();

    private Deployment(Optional<Region.Machines> machines, Optional<Path> bundle) throws IOException {
        this(machines, bundle, PATIENT, Optional.empty(), Optional.empty());
    }

    private Deployment(
            Optional<Region.Machines> machines,
            Optional<Path> bundle,
            Tempo tempo,
            Optional<Faults> faults,
            Optional<BastionFiles> fallback)
            throws IOException {
        JournalFile kept = KeptCalls.of(zip());
        region = new Region(
                machines.orElse(cloud ->
                        new SimulatedFactory(cloud.timers(), new SimulatedFactory.Times(SOON, SOON), playbooks)),
                (instance, tags) -> registrations.getOrDefault(tags.getOrDefault(GROUP_TAG, ""), Optional.of(SOON)));
        example = new ExampleFleet(zip(), region, bundle, tempo, fallback);
        sandbox = Sandbox.builder()
                .faults(faults.orElse(hazards))
                .journal(entry -> {
                    calls.record(entry);
                    kept.record(entry);
                })
                .logs(new EmittedLines(logs))
                .with(region)
                .with(kept)
                .with(example)
                .start();
        sandbox.cloud().events().deliver(deliveries);
        Clients clients = Clients.of(sandbox);
        s3 = clients.s3();
        sqs = clients.sqs();
        ssm = clients.build(SsmClient.builder());
        autoScaling = clients.build(AutoScalingClient.builder());
        lambda = clients.lambda();
    }

    /** With simulated instances. */
    static Deployment start() throws IOException {
        return new Deployment(Optional.empty(), Optional.empty());
    }

    /** The same without the schedule of the sweep, for tests that count calls: a sweep adds its own at any time. */
    static Deployment withoutSweeps() throws IOException {
        Tempo tempo = new Tempo(PATIENT.timeout(), PATIENT.visibility(), Optional.empty(), PATIENT.receives());
        return new Deployment(Optional.empty(), Optional.empty(), tempo, Optional.empty(), Optional.empty());
    }

    /** The same with the functions' usual time, which bounds how long a lost claim is waited for. */
    static Deployment forTrouble() throws IOException {
        Tempo tempo = new Tempo(
                Tempo.STANDARD.timeout(), Tempo.STANDARD.visibility(), Optional.empty(), Tempo.STANDARD.receives());
        return new Deployment(Optional.empty(), Optional.empty(), tempo, Optional.empty(), Optional.empty());
    }

    /** With simulated instances, functions of this tempo, and these faults instead of {@link #hazards}. */
    public static Deployment start(Tempo tempo, Faults faults) throws IOException {
        return new Deployment(Optional.empty(), Optional.empty(), tempo, Optional.of(faults), Optional.empty());
    }

    /** With real instances, and a bundle for the example fleet. */
    static Deployment real(Region.Machines machines, Path bundle) throws IOException {
        return new Deployment(Optional.of(machines), Optional.of(bundle));
    }

    /** With real instances, the bastion fallback, a sweep every few seconds, and these faults. */
    static Deployment withFallback(Region.Machines machines, BastionFiles files, Faults faults) throws IOException {
        Tempo hasty = new Tempo(
                Tempo.STANDARD.timeout(),
                Tempo.STANDARD.visibility(),
                Optional.of(Duration.ofSeconds(5)),
                Tempo.STANDARD.receives());
        return new Deployment(Optional.of(machines), Optional.empty(), hasty, Optional.of(faults), Optional.of(files));
    }

    static Path zip() {
        assertTrue(
                Files.isRegularFile(ZIP),
                "These tests run the shipped zip, which is not at lambda/function/target/gantry-function.zip: build it"
                        + " with mvn -Dmaven.test.skip=true package, or run mvn verify, which builds it first.");
        return ZIP;
    }

    private Optional<String> groupOf(String instance) {
        return region.ec2().find(instance).map(found -> found.spec().tags().getOrDefault(GROUP_TAG, ""));
    }

    /** When the agents of a group register after boot; empty for never. */
    public void registration(String group, Optional<Duration> delay) {
        registrations.put(group, delay);
    }

    void awaitAgent(String instance) {
        Await.until(
                "the agent of " + instance + " has registered",
                () -> ssm.describeInstanceInformationPaginator().instanceInformationList().stream()
                        .anyMatch(agent -> agent.instanceId().equals(instance)));
    }

    /** Invokes a function and waits for its answer; one at a time of each, for the machine's sake. */
    public JsonNode invoke(String function, String payload) {
        synchronized (invoking.computeIfAbsent(function, f -> new Object())) {
            return invoked(function, payload);
        }
    }

    /** A busy machine may be too slow for a cold start: the test calls the function again, as an operator would. */
    private JsonNode invoked(String function, String payload) {
        InvokeResponse response =
                Await.until(function + " is not ended for its time", () -> Optional.of(call(function, payload))
                        .filter(answered -> !answered.payload().asUtf8String().contains("Sandbox.Timedout")));
        String answer = response.payload().asUtf8String();
        assertTrue(response.functionError() == null, function + " failed: " + answer);
        return parse(answer);
    }

    private InvokeResponse call(String function, String payload) {
        return lambda.invoke(request -> request.functionName(function).payload(SdkBytes.fromUtf8String(payload)));
    }

    /** The same if functions are killed: a lost invocation is not repeated, and the next one does its work. */
    void sweepOrLoseIt() {
        synchronized (invoking.computeIfAbsent(ExampleFleet.SWEEP_FUNCTION, f -> new Object())) {
            call(ExampleFleet.SWEEP_FUNCTION, "{}");
        }
    }

    JsonNode sweep() {
        return invoke(ExampleFleet.SWEEP_FUNCTION, "{}");
    }

    public JsonNode look(String instance) {
        return invoke(ExampleFleet.OPERATOR_FUNCTION, "{\"action\":\"look\",\"instance\":\"" + instance + "\"}");
    }

    public static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON: " + json, e);
        }
    }

    public String queueUrl(String queue) {
        return sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
    }

    /** Waits until every message of the launch queue was handled and deleted. */
    void awaitEmptyQueue() {
        Await.until(
                "the launch queue is empty",
                () -> messages().values().stream().allMatch("0"::equals),
                () -> messages() + ", invocations that failed: " + logs.failures());
    }

    /** How many messages the launch queue has, by state. */
    private Map<String, String> messages() {
        String url = queueUrl(ExampleFleet.QUEUE);
        return sqs
                .getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                .attributesAsStrings()
                .entrySet()
                .stream()
                .filter(attribute -> attribute.getKey().startsWith("ApproximateNumberOfMessages"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public void close() {
        s3.close();
        sqs.close();
        ssm.close();
        autoScaling.close();
        lambda.close();
        sandbox.close();
        EmittedLines.write(zip());
    }
}
