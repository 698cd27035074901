package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.wire.AwsError;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * SendCommand: everything it refuses, in the API's words and limits (model, SendCommandRequest), and the command it
 * starts.
 */
final class SendCommand {
    private static final Pattern CONCURRENCY = Pattern.compile("^([1-9][0-9]*|[1-9][0-9]%|[1-9]%|100%)$");
    private static final Pattern ERRORS = Pattern.compile("^([1-9][0-9]*|[0]|[1-9][0-9]%|[0-9]%|100%)$");
    private static final long DEFAULT_TIMEOUT_SECONDS = 3600;

    private final Documents documents;
    private final ManagedInstances instances;
    private final Commands commands;

    SendCommand(Documents documents, ManagedInstances instances, Commands commands) {
        this.documents = documents;
        this.instances = instances;
        this.commands = commands;
    }

    ObjectNode call(JsonNode input) {
        checkShape(input);
        List<String> instanceIds = Json.texts(input.path("InstanceIds"));
        JsonNode targets = input.path("Targets").isArray() ? input.path("Targets") : Json.nodes(List.of());
        checkAddressees(instanceIds, targets);
        Command.SendRequest request = request(input, instanceIds, targets);
        instances.refuseUnknown(instanceIds);
        Command command = commands.start(request, instanceIds.isEmpty() ? instances.matching(targets) : instanceIds);
        ObjectNode output = Json.object();
        output.set("Command", command.describe());
        return output;
    }

    private static void checkShape(JsonNode input) {
        new Check(input)
                .matches("DocumentName", Documents.REFERENCE)
                .matches("DocumentVersion", Documents.VERSION)
                .oneOf("DocumentHashType", List.of("Sha256", "Sha1"))
                .length("DocumentHash", 0, 256)
                .length("Comment", 0, 100)
                .range("TimeoutSeconds", 30, 2_592_000)
                .matches("MaxConcurrency", CONCURRENCY)
                .matches("MaxErrors", ERRORS)
                .length("MaxConcurrency", 1, 7)
                .length("MaxErrors", 1, 7)
                .size("InstanceIds", 0, 50)
                .size("Targets", 0, 5)
                .eachMatches("InstanceIds", ManagedInstances.INSTANCE_ID)
                .required("DocumentName");
        for (JsonNode target : Json.elements(input.path("Targets"))) {
            new Check(target).length("Key", 1, 163).size("Values", 0, 50).required("Key");
        }
        if (input.has("NotificationConfig") && input.path("NotificationConfig").has("NotificationArn")) {
            throw AwsError.badRequest(
                    "InvalidNotificationConfig",
                    "The sandbox sends no SNS notifications; leave NotificationConfig out.");
        }
    }

    private static void checkAddressees(List<String> instanceIds, JsonNode targets) {
        if (instanceIds.isEmpty() == targets.isEmpty()) {
            throw AwsError.badRequest(
                    "ValidationException", "Specify either InstanceIds or Targets: one of them, and not both.");
        }
        if (new HashSet<>(instanceIds).size() < instanceIds.size()) {
            throw AwsError.badRequest(
                    "DuplicateInstanceId", "You can't specify an instance ID in more than one place.");
        }
    }

    private Command.SendRequest request(JsonNode input, List<String> instanceIds, JsonNode targets) {
        Check check = new Check(input);
        String selector = check.optional("DocumentVersion").orElse("$DEFAULT");
        Documents.Selected document = documents.select(check.required("DocumentName"), selector);
        checkHash(check, document);
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        input.path("Parameters")
                .properties()
                .forEach(field -> parameters.put(field.getKey(), Json.texts(field.getValue())));
        DocumentParameters.of(document.version().parsed()).check(parameters);
        return new Command.SendRequest(
                document,
                selector,
                parameters,
                check.optional("Comment").orElse(""),
                input.path("TimeoutSeconds").asLong(DEFAULT_TIMEOUT_SECONDS),
                ExecutionTimeout.seconds(document.version().parsed(), parameters),
                new Rate(check.optional("MaxConcurrency").orElse("50")),
                new Rate(check.optional("MaxErrors").orElse("0")),
                instanceIds,
                targets,
                !targets.isEmpty() || input.has("MaxConcurrency") || input.has("MaxErrors"));
    }

    private static void checkHash(Check check, Documents.Selected document) {
        Optional<String> hash = check.optional("DocumentHash");
        String type = check.optional("DocumentHashType").orElse("Sha256");
        if (hash.isPresent() && !document.version().hash(type).equalsIgnoreCase(hash.get())) {
            throw AwsError.badRequest(
                    "InvalidDocument",
                    "The hash of document " + document.name() + " version "
                            + document.version().number() + " isn't the given DocumentHash.");
        }
    }
}
