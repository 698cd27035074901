package dev.gantry.sandbox.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Whether a queue's policy lets a rule of EventBridge send to it: a statement that allows {@code sqs:SendMessage} to the
 * service, whose only condition, if any, is on {@code aws:SourceArn}. Other conditions are taken not to hold. Source:
 * EventBridge user guide, "Amazon SQS permissions" (eb-use-resource-based.html#eb-sqs-permissions).
 */
public final class QueuePolicy {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVICE = "events.amazonaws.com";
    private static final Set<String> OPERATORS = Set.of("ArnEquals", "ArnLike", "StringEquals", "StringLike");

    private QueuePolicy() {}

    /** Whether this policy, as JSON, lets that rule send. */
    public static boolean lets(String policy, String ruleArn) {
        try {
            return values(JSON.readTree(policy).path("Statement")).anyMatch(statement -> allows(statement, ruleArn));
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static boolean allows(JsonNode statement, String ruleArn) {
        return statement.path("Effect").asText().equals("Allow")
                && texts(statement.path("Principal").path("Service")).contains(SERVICE)
                && texts(statement.path("Action")).stream().anyMatch(action -> matches(action, "sqs:SendMessage"))
                && statement.path("Condition").properties().stream()
                        .allMatch(condition -> OPERATORS.contains(condition.getKey())
                                && condition.getValue().properties().stream()
                                        .allMatch(test -> test.getKey().equals("aws:SourceArn")
                                                && texts(test.getValue()).stream()
                                                        .anyMatch(arn -> matches(arn, ruleArn))));
    }

    private static Stream<JsonNode> values(JsonNode node) {
        return node.isArray()
                ? StreamSupport.stream(node.spliterator(), false)
                : Stream.of(node).filter(value -> !value.isMissingNode());
    }

    private static Set<String> texts(JsonNode node) {
        return values(node).map(JsonNode::asText).collect(Collectors.toSet());
    }

    private static boolean matches(String glob, String text) {
        return Pattern.matches("\\Q" + glob.replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q") + "\\E", text);
    }
}
