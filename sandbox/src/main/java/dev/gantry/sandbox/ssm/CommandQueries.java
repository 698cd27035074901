package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.wire.AwsError;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * ListCommands, ListCommandInvocations, GetCommandInvocation and CancelCommand. Lists lag behind SendCommand a little,
 * as AWS's do: an invocation is not found in its first moments. At most 50 a page.
 */
final class CommandQueries {
    private final Commands commands;
    private final SsmOptions options;
    private final InstantSource clock;

    CommandQueries(Commands commands, SsmOptions options, InstantSource clock) {
        this.commands = commands;
        this.options = options;
        this.clock = clock;
    }

    ObjectNode listCommands(JsonNode input) {
        checkList(input);
        Optional<String> id = Json.text(input, "CommandId");
        Optional<String> instance = Json.text(input, "InstanceId");
        CommandFilters filters = new CommandFilters(input.path("Filters"));
        ObjectNode output = Json.object();
        synchronized (commands) {
            id.ifPresent(commands::find);
            List<ObjectNode> found = commands.all().stream()
                    .filter(this::visible)
                    .filter(command -> id.isEmpty() || command.id.equals(id.get()))
                    .filter(command -> instance.isEmpty() || command.invocations.containsKey(instance.get()))
                    .filter(filters::match)
                    .map(Command::describe)
                    .toList();
            Page.fill(output, "Commands", found, input, 50);
        }
        return output;
    }

    ObjectNode listInvocations(JsonNode input) {
        checkList(input);
        Optional<String> id = Json.text(input, "CommandId");
        Optional<String> instance = Json.text(input, "InstanceId");
        boolean details = input.path("Details").asBoolean(false);
        CommandFilters filters = new CommandFilters(input.path("Filters"));
        ObjectNode output = Json.object();
        synchronized (commands) {
            id.ifPresent(commands::find);
            List<ObjectNode> found = commands.all().stream()
                    .filter(this::visible)
                    .filter(command -> id.isEmpty() || command.id.equals(id.get()))
                    .flatMap(command -> command.invocations.values().stream())
                    .filter(invocation -> instance.isEmpty() || invocation.instanceId.equals(instance.get()))
                    .filter(filters::match)
                    .map(invocation -> InvocationView.list(invocation, details))
                    .toList();
            Page.fill(output, "CommandInvocations", found, input, 50);
        }
        return output;
    }

    ObjectNode getInvocation(JsonNode input) {
        Check check = new Check(input)
                .length("CommandId", 36, 36)
                .length("PluginName", 4, Integer.MAX_VALUE)
                .matches("InstanceId", ManagedInstances.INSTANCE_ID);
        String id = check.required("CommandId");
        String instanceId = check.required("InstanceId");
        synchronized (commands) {
            Invocation invocation = commands.all().stream()
                    .filter(command -> command.id.equals(id) && visible(command))
                    .flatMap(command -> command.invocations.values().stream())
                    .filter(candidate -> candidate.instanceId.equals(instanceId))
                    .findFirst()
                    .orElseThrow(() -> AwsError.badRequest("InvocationDoesNotExist", ""));
            return InvocationView.get(invocation, check.optional("PluginName"));
        }
    }

    ObjectNode cancel(JsonNode input) {
        Check check = new Check(input)
                .length("CommandId", 36, 36)
                .size("InstanceIds", 0, 50)
                .eachMatches("InstanceIds", ManagedInstances.INSTANCE_ID);
        List<String> instanceIds = Json.texts(input.path("InstanceIds"));
        Command command = commands.find(check.required("CommandId"));
        synchronized (commands) {
            List<String> strangers = instanceIds.stream()
                    .filter(instanceId -> !command.invocations.containsKey(instanceId))
                    .toList();
            if (!strangers.isEmpty()) {
                throw AwsError.badRequest("InvalidInstanceId", "The command was not sent to " + strangers + ".");
            }
        }
        commands.cancel(command, instanceIds);
        return Json.object();
    }

    private static void checkList(JsonNode input) {
        new Check(input)
                .length("CommandId", 36, 36)
                .matches("InstanceId", ManagedInstances.INSTANCE_ID)
                .range("MaxResults", 1, 50);
    }

    private boolean visible(Command command) {
        Instant now = clock.instant();
        return Duration.between(command.requested, now).compareTo(options.invocationLag()) >= 0;
    }
}
