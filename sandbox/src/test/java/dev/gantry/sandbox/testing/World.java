package dev.gantry.sandbox.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.agent.AgentInstaller;
import dev.gantry.sandbox.agent.AgentOptions;
import dev.gantry.sandbox.agent.S3Fetch;
import dev.gantry.sandbox.ec2.Ec2;
import dev.gantry.sandbox.ec2.MachineFactory;
import dev.gantry.sandbox.ec2.RoleCredentials;
import dev.gantry.sandbox.ec2.SandboxEc2;
import dev.gantry.sandbox.ssm.Json;
import dev.gantry.sandbox.ssm.Ssm;
import dev.gantry.sandbox.ssm.SsmOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Systems Manager, instances and their agents, composed for a test that drives time by hand. Nothing runs in other
 * threads.
 */
public final class World implements AutoCloseable {
    public static final SsmOptions OPTIONS = SsmOptions.standard("111122223333", "eu-central-1");
    public static final Duration MOMENT = Duration.ofSeconds(1);

    public final HandTimers timers = new HandTimers();
    public final EventLog events = new EventLog();
    public final SmallS3 s3;
    public final Ssm ssm;
    public final SandboxEc2 ec2;

    public World(Function<HandTimers, MachineFactory> machines) throws IOException {
        this(machines, OPTIONS.immediate(), AgentOptions.standard("eu-central-1", Duration.ofSeconds(10)));
    }

    public World(Function<HandTimers, MachineFactory> machines, SsmOptions options, AgentOptions agents)
            throws IOException {
        s3 = new SmallS3();
        ssm = new Ssm(options, events, timers);
        RoleCredentials role = new RoleCredentials("role", "sandbox", "sandbox", "", Instant.EPOCH);
        S3Fetch fetch = new S3Fetch(s3.endpoint(), "eu-central-1", () -> role, timers);
        AgentInstaller installer = new AgentInstaller(ssm, fetch, timers, Runnable::run, agents);
        ec2 = new SandboxEc2(machines.apply(timers), installer, timers, (id, why) -> {
            throw new AssertionError(id + ": " + why);
        });
    }

    /** An instance whose agent has registered. */
    public String launch(String... tags) {
        Map<String, String> all = tags.length == 0 ? Map.of() : Map.of(tags[0], tags[1]);
        String id = ec2.launch(new Ec2.LaunchSpec(all, "t3.small", "eu-central-1a", ""));
        timers.advance(Duration.ofSeconds(15));
        return id;
    }

    public ObjectNode call(String operation, ObjectNode input) {
        return ssm.call(operation, input);
    }

    /** Creates a document of these steps, each a JSON text, and sends it to the instance; gives the command's id. */
    public String runSteps(String instanceId, String parameters, String... steps) {
        String content = "{\"schemaVersion\":\"2.2\",\"parameters\":" + parameters + ",\"mainSteps\":["
                + String.join(",", steps) + "]}";
        call("CreateDocument", Json.object().put("Name", "Test").put("Content", content));
        return send("Test", Map.of(), instanceId);
    }

    public String send(String document, Map<String, List<String>> parameters, String... instanceIds) {
        ObjectNode input = Json.object().put("DocumentName", document);
        input.set("InstanceIds", Json.array(List.of(instanceIds)));
        input.set("Parameters", Json.listMap(parameters));
        return send(input);
    }

    public String send(ObjectNode input) {
        String id = call("SendCommand", input).path("Command").path("CommandId").asText();
        timers.advance(MOMENT);
        return id;
    }

    public JsonNode command(String commandId) {
        return call("ListCommands", Json.object().put("CommandId", commandId))
                .path("Commands")
                .path(0);
    }

    public List<JsonNode> invocations(String commandId) {
        ObjectNode input = Json.object().put("CommandId", commandId).put("Details", true);
        return Json.elements(call("ListCommandInvocations", input).path("CommandInvocations"));
    }

    public JsonNode step(String commandId, String instanceId, String name) {
        ObjectNode input = Json.object().put("CommandId", commandId).put("InstanceId", instanceId);
        return call("GetCommandInvocation", input.put("PluginName", name));
    }

    @Override
    public void close() {
        ec2.close();
        s3.close();
    }
}
