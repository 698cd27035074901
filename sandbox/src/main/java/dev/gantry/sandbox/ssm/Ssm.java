package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.events.EventBus;
import dev.gantry.sandbox.time.Timers;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.JsonService;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Systems Manager on loopback: documents, Run Command, managed instances and Parameter Store ({@code ssm/2014-11-06},
 * AWS JSON 1.1). The documents {@code AWS-RunShellScript} and {@code AWS-ApplyAnsiblePlaybooks} are there from the
 * beginning, written from their public descriptions. Agents come in through {@link #instances()}.
 */
public final class Ssm implements JsonService {
    private static final List<String> OWNED_BY_AWS = List.of("AWS-RunShellScript", "AWS-ApplyAnsiblePlaybooks");

    private final ManagedInstances instances;
    private final Map<String, UnaryOperator<ObjectNode>> operations;

    public Ssm(SsmOptions options, EventBus bus, Timers timers) {
        instances = new ManagedInstances(options, timers);
        Documents documents = new Documents(options, timers);
        OWNED_BY_AWS.forEach(name -> documents.addOwnedByAws(name, resource("/documents/" + name + ".json")));
        Commands commands = new Commands(instances, new CommandEvents(bus, timers, options), timers, options);
        SendCommand send = new SendCommand(documents, instances, commands);
        CommandQueries queries = new CommandQueries(commands, options, timers);
        Parameters parameters = new Parameters(options, timers);
        DocumentTags tags = new DocumentTags(documents);
        operations = Map.ofEntries(
                Map.entry("AddTagsToResource", tags::add),
                Map.entry("RemoveTagsFromResource", tags::remove),
                Map.entry("ListTagsForResource", tags::list),
                Map.entry("CreateDocument", documents::create),
                Map.entry("UpdateDocument", documents::update),
                Map.entry("UpdateDocumentDefaultVersion", documents::updateDefault),
                Map.entry("DescribeDocument", documents::describe),
                Map.entry("GetDocument", documents::get),
                Map.entry("ListDocuments", documents::list),
                Map.entry("DeleteDocument", documents::delete),
                Map.entry("SendCommand", send::call),
                Map.entry("ListCommands", queries::listCommands),
                Map.entry("ListCommandInvocations", queries::listInvocations),
                Map.entry("GetCommandInvocation", queries::getInvocation),
                Map.entry("CancelCommand", queries::cancel),
                Map.entry("DescribeInstanceInformation", instances::describe),
                Map.entry("PutParameter", parameters::put),
                Map.entry("GetParameter", parameters::get),
                Map.entry("GetParameters", parameters::getAll),
                Map.entry("GetParametersByPath", parameters::getByPath),
                Map.entry("DeleteParameter", parameters::delete));
    }

    /** Where agents register. */
    public ManagedInstances instances() {
        return instances;
    }

    @Override
    public ObjectNode call(String operation, ObjectNode input) {
        UnaryOperator<ObjectNode> handler = operations.get(operation);
        if (handler == null) {
            throw AwsError.badRequest(
                    "UnknownOperationException", "The sandbox's Systems Manager does not know " + operation + ".");
        }
        return handler.apply(input);
    }

    private static String resource(String path) {
        try (InputStream in = Ssm.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("The sandbox's jar lacks " + path + "; build the module again.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path + " from the sandbox's jar", e);
        }
    }
}
