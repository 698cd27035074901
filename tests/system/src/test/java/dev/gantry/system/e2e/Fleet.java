package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.ExampleFleet;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingInstanceDetails;
import software.amazon.awssdk.services.autoscaling.model.LifecycleHookSpecification;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;

/** A fleet of one test, made and watched through the API, as an operator does. */
public final class Fleet {
    private static final String SETTINGS =
            """
            {
              "fleet": "%s",
              "mode": "enforce",
              "document": {"name": "AWS-ApplyAnsiblePlaybooks", "version": "1"},
              "launchDeadlineSeconds": 7200,
              "agentDeadlineSeconds": 1200,
              "attempts": 2,
              "backoffSeconds": 1,
              "deliveryTimeoutSeconds": 60,
              "runTimeoutSeconds": 1200,
              "heartbeatSeconds": 300
            }
            """;

    private final Deployment gantry;
    private final String name;
    public final ObjectNode settings;

    private Fleet(Deployment gantry, String name) {
        this.gantry = gantry;
        this.name = name;
        this.settings = (ObjectNode) Deployment.parse(SETTINGS.formatted(name));
    }

    /** A fleet without settings, bundle or group. */
    public static Fleet named(Deployment gantry, String name) {
        return new Fleet(gantry, name);
    }

    /** A fleet with settings, a bundle, and a group whose hook is Gantry's. */
    public static Fleet ready(Deployment gantry, String name) {
        Fleet fleet = named(gantry, name).withSettings();
        fleet.publish("the first bundle");
        return fleet.withGroup(fleet.hook("gantry", 300));
    }

    public String name() {
        return name;
    }

    String settingsKey() {
        return "fleets/" + name + "/settings.json";
    }

    public Fleet withSettings() {
        return withSettings(settings.toString());
    }

    public Fleet withSettings(String json) {
        put(settingsKey(), json);
        return this;
    }

    public void put(String key, String content) {
        gantry.s3.putObject(request -> request.bucket(ExampleFleet.BUCKET).key(key), RequestBody.fromString(content));
    }

    public LifecycleHookSpecification hook(String hook, int heartbeatSeconds) {
        return LifecycleHookSpecification.builder()
                .lifecycleHookName(hook)
                .lifecycleTransition("autoscaling:EC2_INSTANCE_LAUNCHING")
                .heartbeatTimeout(heartbeatSeconds)
                .defaultResult("ABANDON")
                .build();
    }

    public Fleet withGroup(LifecycleHookSpecification... hooks) {
        gantry.autoScaling.createAutoScalingGroup(request -> request.autoScalingGroupName(name)
                .launchConfigurationName("example")
                .minSize(0)
                .maxSize(100)
                .desiredCapacity(0)
                .vpcZoneIdentifier("subnet-0123456789abcdef0")
                .lifecycleHookSpecificationList(hooks));
        return this;
    }

    /** Uploads a bundle and makes it current, as gantry publish does; the answer is its name. */
    public String publish(String content) {
        String sha256 = sha256(content);
        putBundle(sha256, content);
        JsonNode answer = propose(sha256);
        assertEquals("accepted", answer.path("status").asText(), answer.toString());
        return sha256;
    }

    /** Without a client: the bucket's policy lets none write a bundle twice, and tests do. */
    public void putBundle(String sha256, String content) {
        gantry.sandbox
                .cloud()
                .s3()
                .put(ExampleFleet.BUCKET, bundleKey(sha256), content.getBytes(StandardCharsets.UTF_8));
    }

    public String bundleKey(String sha256) {
        return "bundles/" + name + "/" + sha256 + ".zip";
    }

    public JsonNode propose(String sha256) {
        return gantry.invoke(
                ExampleFleet.OPERATOR_FUNCTION,
                "{\"action\":\"propose\",\"fleet\":\"" + name + "\",\"bundle\":\"" + sha256 + "\"}");
    }

    public static String sha256(String content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public void desire(int capacity) {
        gantry.autoScaling.setDesiredCapacity(
                request -> request.autoScalingGroupName(name).desiredCapacity(capacity));
    }

    /** Launches one instance and waits until a hook holds it. */
    public String launchOne() {
        desire(1);
        return awaitOne("Pending:Wait");
    }

    /** Waits for an instance of the group in this state. */
    public String awaitOne(String state) {
        return Await.until("an instance of " + name + " is " + state, () -> members().stream()
                .filter(member -> member.lifecycleState().equals(state))
                .map(AutoScalingInstanceDetails::instanceId)
                .findFirst());
    }

    public List<AutoScalingInstanceDetails> members() {
        return gantry.autoScaling.describeAutoScalingInstancesPaginator().autoScalingInstances().stream()
                .filter(member -> member.autoScalingGroupName().equals(name))
                .toList();
    }

    /** The lifecycle state; {@code gone} for an instance that the group no longer knows. */
    public String state(String instance) {
        return members().stream()
                .filter(member -> member.instanceId().equals(instance))
                .map(AutoScalingInstanceDetails::lifecycleState)
                .findFirst()
                .orElse("gone");
    }

    public void awaitInService(String instance) {
        Await.until(
                instance + " of " + name + " is InService",
                () -> state(instance).equals("InService"),
                () -> state(instance) + ", " + record(instance));
    }

    public void awaitInService(int count) {
        Await.until(count + " instances of " + name + " are InService", () -> inService() == count, this::waiting);
    }

    private long inService() {
        return members().stream()
                .filter(member -> member.lifecycleState().equals("InService"))
                .count();
    }

    private String waiting() {
        return members().stream()
                .filter(member -> !member.lifecycleState().equals("InService"))
                .map(member ->
                        member.instanceId() + " is " + member.lifecycleState() + ", " + record(member.instanceId()))
                .collect(Collectors.joining("\n"));
    }

    /** The same with a sweep before each look, instead of one a minute. */
    void sweepUntilInService(String instance) {
        sweepUntilInService(instance, gantry::sweep);
    }

    void sweepUntilInService(String instance, Runnable sweep) {
        Await.stepping(instance + " of " + name + " is InService after sweeps", sweep, () -> state(instance)
                .equals("InService"));
    }

    /** The instance's record in the ledger. */
    public Optional<JsonNode> record(String instance) {
        return object("launches/" + name + "/" + instance + ".json").map(Deployment::parse);
    }

    /** The record once its stay is closed: the hook is completed a moment before that is written. */
    public JsonNode closed(String instance) {
        return Await.until("the stay of " + instance + " is closed", () -> closing(instance));
    }

    /** The same if the write of the end may have been lost: a later look records that the stay is over. */
    public JsonNode closedByLooks(String instance) {
        return Await.stepping(
                "the stay of " + instance + " is closed", () -> gantry.look(instance), () -> closing(instance));
    }

    private Optional<JsonNode> closing(String instance) {
        return record(instance).filter(stay -> stay.path("closing").has("doneAt"));
    }

    public Optional<String> object(String key) {
        try {
            return Optional.of(gantry.s3
                    .getObjectAsBytes(
                            request -> request.bucket(ExampleFleet.BUCKET).key(key))
                    .asUtf8String());
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /** Every command that the instance got. */
    public List<CommandInvocation> commands(String instance) {
        return gantry
                .ssm
                .listCommandInvocationsPaginator(
                        request -> request.instanceId(instance).details(true))
                .commandInvocations()
                .stream()
                .toList();
    }
}
