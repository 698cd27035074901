package dev.gantry.sandbox.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.wire.AwsError;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules and targets that are not Gantry's, and what a queue's policy allows. */
class EventBridgeTest {
    private static final String LETS_IN =
            """
            {"Statement": [{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
              "Action": "sqs:SendMessage", "Resource": "*",
              "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:events:*:*:rule/verify-*"}}}]}
            """;

    private final EventBridge bridge = new EventBridge();
    private Sandbox sandbox;

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.builder().with(bridge).start();
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void anEventReachesAQueueWhosePolicyAllowsTheRule() {
        String arn = queue("mine", LETS_IN);
        assertEquals(
                "arn:aws:events:eu-central-1:111122223333:rule/verify-1",
                putRule("verify-1").path("RuleArn").asText());
        putTarget("verify-1", arn);
        happen();
        assertTrue(received("mine").contains("\"detail-type\":\"Something\""));
    }

    @Test
    void withoutAPolicyOrWithAnotherRulesTheEventIsLost() {
        putRule("verify-1");
        putRule("other");
        putTarget("verify-1", queue("closed", ""));
        putTarget("other", queue("picky", LETS_IN));
        happen();
        assertEquals("0", waiting("closed"));
        assertEquals("0", waiting("picky"));
    }

    @Test
    void aRuleIsDeletedOnlyWithoutTargets() {
        putRule("verify-1");
        putTarget("verify-1", queue("mine", LETS_IN));
        AwsError refused = assertThrows(AwsError.class, () -> call("DeleteRule", Map.of("Name", "verify-1")));
        assertEquals("Rule can't be deleted since it has targets.", refused.getMessage());
        ObjectNode ids = object(Map.of("Rule", "verify-1"));
        ids.putArray("Ids").add("t");
        bridge.call("RemoveTargets", ids);
        call("DeleteRule", Map.of("Name", "verify-1"));
        call("DeleteRule", Map.of("Name", "verify-1"));
        happen();
        assertEquals("0", waiting("mine"));
        assertEquals(
                "ResourceNotFoundException",
                assertThrows(AwsError.class, () -> call("ListTargetsByRule", Map.of("Rule", "verify-1")))
                        .code());
    }

    @Test
    void textThatIsNoPatternIsRefused() {
        AwsError refused = assertThrows(
                AwsError.class, () -> call("PutRule", Map.of("Name", "verify-1", "EventPattern", "{\"source\": {}}")));
        assertEquals("InvalidEventPatternException", refused.code());
    }

    private String queue(String name, String policy) {
        return sandbox.cloud()
                .sqs()
                .create(name, policy.isEmpty() ? Map.of() : Map.of("Policy", policy))
                .arn();
    }

    private ObjectNode putRule(String name) {
        return call("PutRule", Map.of("Name", name, "EventPattern", "{\"source\": [\"test\"]}"));
    }

    private void putTarget(String rule, String arn) {
        ObjectNode input = object(Map.of("Rule", rule));
        input.putArray("Targets").addObject().put("Id", "t").put("Arn", arn);
        assertEquals(
                0, bridge.call("PutTargets", input).path("FailedEntryCount").asInt());
        assertEquals(
                arn,
                call("ListTargetsByRule", Map.of("Rule", rule))
                        .path("Targets")
                        .path(0)
                        .path("Arn")
                        .asText());
    }

    private void happen() {
        sandbox.cloud().events().put("test", "Something", List.of(), JsonNodeFactory.instance.objectNode());
    }

    private String received(String queue) {
        return sqs("ReceiveMessage", queue)
                .path("Messages")
                .path(0)
                .path("Body")
                .asText();
    }

    private String waiting(String queue) {
        ObjectNode input = object(Map.of("QueueUrl", sandbox.cloud().sqs().url(queue)));
        input.putArray("AttributeNames").add("ApproximateNumberOfMessages");
        return sandbox.cloud()
                .sqs()
                .call("GetQueueAttributes", input)
                .path("Attributes")
                .path("ApproximateNumberOfMessages")
                .asText();
    }

    private ObjectNode sqs(String operation, String queue) {
        return sandbox.cloud()
                .sqs()
                .call(operation, object(Map.of("QueueUrl", sandbox.cloud().sqs().url(queue))));
    }

    private ObjectNode call(String operation, Map<String, String> input) {
        return bridge.call(operation, object(input));
    }

    private static ObjectNode object(Map<String, String> fields) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        fields.forEach(node::put);
        return node;
    }
}
