package dev.gantry.sandbox.sqs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.QueryService;
import dev.gantry.sandbox.wire.Xml;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The Query protocol of Amazon SQS, which SDKs spoke before AWS JSON and AWS still answers: the boto3 of Debian 12 and of
 * Ubuntu 22.04 does. SendMessage with a body alone is here, which is what instances send; anything else is refused by
 * name. Source of the answer's shape: SQS API reference, SendMessage; of the error codes: the public service
 * model of {@code sqs/2012-11-05} with {@code "protocol": "query"}.
 */
public final class SqsQuery implements QueryService {
    private static final Set<String> FIELDS = Set.of("Action", "Version", "QueueUrl", "MessageBody");

    private final Sqs sqs;

    public SqsQuery(Sqs sqs) {
        this.sqs = sqs;
    }

    @Override
    public String namespace() {
        return "http://queue.amazonaws.com/doc/2012-11-05/";
    }

    @Override
    public String call(String action, Map<String, String> parameters) {
        if (!action.equals("SendMessage")) {
            throw AwsError.badRequest(
                    "InvalidAction",
                    "The sandbox's SQS does SendMessage only in the Query protocol; it was asked for " + action + ".");
        }
        parameters.keySet().stream()
                .filter(name -> !FIELDS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw AwsError.badRequest(
                            "InvalidParameterValue",
                            "The sandbox's SQS does not take " + name + " in the Query protocol.");
                });
        return send(parameters);
    }

    private String send(Map<String, String> parameters) {
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        parameters.forEach(input::put);
        try {
            return sqs.call("SendMessage", input).properties().stream()
                    .map(field -> Xml.element(field.getKey(), field.getValue().asText()))
                    .collect(Collectors.joining());
        } catch (AwsError error) {
            throw new AwsError(error.status(), sqs.queryCode(error.code()), error.getMessage());
        }
    }
}
