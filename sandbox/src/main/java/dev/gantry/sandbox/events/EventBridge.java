package dev.gantry.sandbox.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.Cloud;
import dev.gantry.sandbox.sqs.Queue;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.JsonProtocol;
import dev.gantry.sandbox.wire.JsonService;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * EventBridge's API on the default bus, as far as a user needs it to get events into an SQS queue: PutRule with a pattern,
 * PutTargets with SQS queues, DescribeRule and ListTargetsByRule (also of the example's own rules), RemoveTargets, DeleteRule.
 * What a queue's policy does not allow is lost silently, as on AWS. Source: EventBridge API reference; limits: user guide,
 * "EventBridge quotas".
 */
public final class EventBridge implements Cloud.Part, JsonService {
    private static final Pattern NAME = Pattern.compile("[.\\-_A-Za-z0-9]{1,64}");
    private static final int MAX_TARGETS = 5;
    private static final String SENDER = "events.amazonaws.com";

    /** A rule that was put, and its targets' ARNs by id. */
    private record Put(String arn, EventPattern pattern, Map<String, String> targets) {}

    private final Map<String, Put> rules = new TreeMap<>();
    private Optional<Cloud> cloud = Optional.empty();

    @Override
    public void build(Cloud built) {
        cloud = Optional.of(built);
        built.services().addJson("events", "AWSEvents", new JsonProtocol("1.1", this));
    }

    @Override
    public synchronized ObjectNode call(String operation, ObjectNode input) {
        return switch (operation) {
            case "PutRule" -> putRule(input);
            case "DescribeRule" -> describeRule(input);
            case "PutTargets" -> putTargets(input);
            case "ListTargetsByRule" -> listTargets(input);
            case "RemoveTargets" -> removeTargets(input);
            case "DeleteRule" -> deleteRule(input);
            default -> throw AwsError.badRequest("UnknownOperationException", "");
        };
    }

    private ObjectNode putRule(ObjectNode input) {
        String name = input.path("Name").asText();
        if (!NAME.matcher(name).matches()) {
            throw validation("1 validation error detected: Value '" + name + "' at 'name' failed to satisfy constraint:"
                    + " Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+");
        }
        EventPattern pattern = pattern(input.path("EventPattern").asText());
        Map<String, String> targets =
                Optional.ofNullable(rules.get(name)).map(Put::targets).orElseGet(LinkedHashMap::new);
        Put rule = new Put(arn(name), pattern, targets);
        rules.put(name, rule);
        it().events().put(new Rule(name, pattern, event -> carry(name, event)));
        return object().put("RuleArn", rule.arn());
    }

    private static EventPattern pattern(String json) {
        if (json.isEmpty()) {
            throw validation("Parameter(s) EventPattern or ScheduleExpression must be specified.");
        }
        try {
            return EventPattern.parse(json);
        } catch (IllegalArgumentException e) {
            throw AwsError.badRequest(
                    "InvalidEventPatternException", "Event pattern is not valid. Reason: " + e.getMessage());
        }
    }

    private ObjectNode putTargets(ObjectNode input) {
        Put rule = rule(input);
        Map<String, String> all = new LinkedHashMap<>(rule.targets());
        for (JsonNode target : input.path("Targets")) {
            String arn = target.path("Arn").asText();
            if (!arn.startsWith("arn:aws:sqs:")) {
                throw validation("The sandbox carries events to SQS queues only, not to " + arn + ".");
            }
            all.put(target.path("Id").asText(), arn);
        }
        if (all.size() > MAX_TARGETS) {
            throw AwsError.badRequest(
                    "LimitExceededException", "The requested resource exceeds the maximum number allowed.");
        }
        rule.targets().putAll(all);
        return nothingFailed();
    }

    private ObjectNode describeRule(ObjectNode input) {
        String name = input.path("Name").asText();
        Rule rule = it().events().find(name).orElseThrow(() -> absent(name));
        return object().put("Name", rule.name())
                .put("Arn", arn(name))
                .put("State", "ENABLED")
                .put("EventBusName", "default");
    }

    private ObjectNode listTargets(ObjectNode input) {
        ObjectNode answer = object();
        ArrayNode targets = answer.putArray("Targets");
        String name = input.path("Rule").asText();
        Optional<Rule> own = it().events().find(name).filter(rule -> !rules.containsKey(name));
        if (own.isPresent()) {
            own.get().arns().forEach(arn -> targets.addObject()
                    .put("Id", "target-" + targets.size())
                    .put("Arn", arn));
            return answer;
        }
        rule(input)
                .targets()
                .forEach((id, arn) -> targets.addObject().put("Id", id).put("Arn", arn));
        return answer;
    }

    private ObjectNode removeTargets(ObjectNode input) {
        Put rule = rule(input);
        input.path("Ids").forEach(id -> rule.targets().remove(id.asText()));
        return nothingFailed();
    }

    /** A missing rule is not an error. */
    private ObjectNode deleteRule(ObjectNode input) {
        String name = input.path("Name").asText();
        Optional<Put> rule = Optional.ofNullable(rules.get(name));
        if (rule.filter(there -> !there.targets().isEmpty()).isPresent()) {
            throw validation("Rule can't be deleted since it has targets.");
        }
        rules.remove(name);
        it().events().remove(name);
        return object();
    }

    private Put rule(ObjectNode input) {
        String name = input.path("Rule").asText();
        return Optional.ofNullable(rules.get(name)).orElseThrow(() -> absent(name));
    }

    private static AwsError absent(String name) {
        return AwsError.badRequest(
                "ResourceNotFoundException", "Rule " + name + " does not exist on EventBus default.");
    }

    private String arn(String name) {
        return "arn:aws:events:" + it().region() + ":" + it().account() + ":rule/" + name;
    }

    private void carry(String name, String event) {
        targets(name).forEach(queue -> queue.send(event, Map.of(), SENDER, Optional.empty()));
    }

    private synchronized List<Queue> targets(String name) {
        return Optional.ofNullable(rules.get(name)).stream()
                .flatMap(rule -> rule.targets().values().stream()
                        .flatMap(arn -> it().sqs().byArn(arn).stream())
                        .filter(queue -> lets(queue, rule.arn())))
                .toList();
    }

    private static boolean lets(Queue queue, String ruleArn) {
        return queue.policy()
                .filter(policy -> QueuePolicy.lets(policy, ruleArn))
                .isPresent();
    }

    private Cloud it() {
        return cloud.orElseThrow(() -> new IllegalStateException("the sandbox has not started"));
    }

    private static ObjectNode nothingFailed() {
        ObjectNode answer = object().put("FailedEntryCount", 0);
        answer.putArray("FailedEntries");
        return answer;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static AwsError validation(String message) {
        return AwsError.badRequest("ValidationException", message);
    }
}
