package dev.gantry.sandbox.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.aws.fuzz.Holds;
import dev.gantry.aws.fuzz.Parts;
import dev.gantry.sandbox.agent.AgentInstaller;
import dev.gantry.sandbox.agent.AgentOptions;
import dev.gantry.sandbox.agent.S3Fetch;
import dev.gantry.sandbox.ec2.Ec2;
import dev.gantry.sandbox.ec2.RoleCredentials;
import dev.gantry.sandbox.ec2.SandboxEc2;
import dev.gantry.sandbox.ec2.Script;
import dev.gantry.sandbox.ec2.SimulatedFactory;
import dev.gantry.sandbox.ssm.Json;
import dev.gantry.sandbox.ssm.Ssm;
import dev.gantry.sandbox.ssm.SsmOptions;
import dev.gantry.sandbox.wire.AwsError;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The input is a Command document and the parameters of a SendCommand. What the API takes is run by the agent of a simulated
 * instance whose scripts end as they say ({@code exit 169}); whatever the document says, the command comes to an end.
 */
final class DocumentFuzz {
    private static final Set<String> ENDS =
            Set.of("Success", "Failed", "TimedOut", "Cancelled", "Delivery Timed Out", "Undeliverable");
    /** Longer than the execution timeouts that a document can say, and the delivery's: API_SendCommand. */
    private static final Duration LONG = Duration.ofDays(4);

    private static final RoleCredentials ROLE = new RoleCredentials("role", "sandbox", "sandbox", "", Instant.EPOCH);
    private static final HastyTimers SIGNING = new HastyTimers();
    /** Nothing listens on the discard port, so every download fails; one client, because each has a thread. */
    private static final S3Fetch NOWHERE =
            new S3Fetch(URI.create("http://127.0.0.1:9"), WireWorld.REGION, () -> ROLE, SIGNING);

    private final HastyTimers timers = new HastyTimers();
    private final Ssm ssm = new Ssm(
            SsmOptions.standard(WireWorld.ACCOUNT, WireWorld.REGION), (source, type, resources, detail) -> {}, timers);

    private DocumentFuzz() {}

    static void take(byte[] input) {
        new DocumentFuzz().run(Parts.of(input, 2).get(0), Parts.of(input, 2).get(1));
    }

    private void run(String content, String parameters) {
        if (call("CreateDocument", Json.object().put("Name", "Fuzz").put("Content", content))
                .isEmpty()) {
            return;
        }
        call("DescribeDocument", Json.object().put("Name", "Fuzz"));
        try (SandboxEc2 ec2 = ec2()) {
            String instance = ec2.launch(new Ec2.LaunchSpec(Map.of(), "t3.small", "eu-central-1a", ""));
            timers.pass(Duration.ofMinutes(1));
            ObjectNode order = Json.object().put("DocumentName", "Fuzz");
            order.putArray("InstanceIds").add(instance);
            Json.parse(parameters).filter(JsonNode::isObject).ifPresent(given -> order.set("Parameters", given));
            call("SendCommand", order)
                    .ifPresent(sent ->
                            awaitEnd(sent.path("Command").path("CommandId").asText()));
        }
    }

    private SandboxEc2 ec2() {
        SimulatedFactory machines = new SimulatedFactory(
                timers,
                new SimulatedFactory.Times(Duration.ofSeconds(1), Duration.ofSeconds(1)),
                (id, spec, script) -> new Script.Outcome(Duration.ofSeconds(1), code(script.text()), "out", "err"));
        AgentOptions options = AgentOptions.standard(WireWorld.REGION, Duration.ofSeconds(1));
        return new SandboxEc2(
                machines, new AgentInstaller(ssm, NOWHERE, timers, Runnable::run, options), timers, (id, why) -> {
                    throw new AssertionError(id + ": " + why);
                });
    }

    /** The script's exit code; 194, by which it would ask for a reboot at each try, counts as 1. */
    private static int code(String script) {
        return script.contains("exit 168")
                ? 168
                : script.contains("exit 169") ? 169 : script.contains("exit 1") ? 1 : 0;
    }

    private void awaitEnd(String command) {
        timers.pass(LONG);
        JsonNode listed =
                call("ListCommands", Json.object().put("CommandId", command)).orElseThrow();
        String status = listed.path("Commands").path(0).path("Status").asText();
        Holds.that(ENDS.contains(status), "the command is " + status + " after " + LONG);
        call("ListCommandInvocations", Json.object().put("CommandId", command).put("Details", true));
    }

    /** Empty if the call was refused, with a code that says why. */
    private Optional<ObjectNode> call(String operation, ObjectNode input) {
        try {
            return Optional.of(ssm.call(operation, input));
        } catch (AwsError refused) {
            Holds.that(refused.status() == 400 && !refused.code().isEmpty(), "refused with " + refused.status());
            return Optional.empty();
        }
    }
}
