package dev.gantry.sandbox.s3;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.s3.PolicyCondition.Test;
import dev.gantry.sandbox.ssm.Json;
import dev.gantry.sandbox.wire.AwsError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A bucket's policy, as far as the sandbox enforces one: its Deny statements for every principal. Every caller here belongs to
 * the bucket's account and may do everything, so an Allow statement changes nothing. What the sandbox cannot evaluate is refused
 * when the policy is put, so that no statement is silently ignored.
 *
 * @param text as it was put
 */
record BucketPolicy(String text, List<Deny> denies) {
    private static final Set<String> ELEMENTS = Set.of("Sid", "Effect", "Principal", "Action", "Resource", "Condition");

    /** A Deny statement; it applies where an action, a resource and every condition match. */
    record Deny(String sid, List<String> actions, List<String> resources, List<Test> conditions) {

        boolean applies(PolicyRequest request) {
            // IAM compares actions without regard to case, and resources with regard to it.
            return actions.stream().anyMatch(action -> Glob.matchesIgnoringCase(action, request.action()))
                    && resources.stream().anyMatch(resource -> Glob.matches(resource, request.resource()))
                    && conditions.stream().allMatch(test -> test.holds(request.context()));
        }
    }

    /**
     * Reads a policy.
     *
     * @throws AwsError MalformedPolicy for what S3 refuses, NotImplemented for what only the sandbox cannot do
     */
    static BucketPolicy parse(String text, String bucket) {
        JsonNode policy = Json.parse(text)
                .filter(JsonNode::isObject)
                .orElseThrow(() -> malformed("This policy contains invalid Json"));
        List<Deny> denies = new ArrayList<>();
        for (JsonNode statement : listed(policy, "Statement")) {
            read(statement, bucket).ifPresent(denies::add);
        }
        return new BucketPolicy(text, List.copyOf(denies));
    }

    private static Optional<Deny> read(JsonNode statement, String bucket) {
        statement.fieldNames().forEachRemaining(element -> {
            if (!ELEMENTS.contains(element)) {
                throw unable("the element " + element);
            }
        });
        List<String> actions = texts(statement, "Action");
        List<String> resources = texts(statement, "Resource");
        checkResources(resources, bucket);
        return switch (Json.text(statement, "Effect").orElse("")) {
            case "Allow" -> Optional.empty();
            case "Deny" -> {
                checkPrincipal(statement.path("Principal"));
                yield Optional.of(new Deny(
                        Json.text(statement, "Sid").orElse(""),
                        actions,
                        resources,
                        PolicyCondition.parse(statement.path("Condition"))));
            }
            default -> throw malformed("Invalid effect: " + statement.path("Effect"));
        };
    }

    private static void checkResources(List<String> resources, String bucket) {
        String arn = "arn:aws:s3:::" + bucket;
        for (String resource : resources) {
            if (resource.contains("${")) {
                throw unable("a policy variable in " + resource);
            }
            if (!resource.equals(arn) && !resource.startsWith(arn + "/")) {
                throw malformed("Policy has invalid resource: " + resource);
            }
        }
    }

    private static void checkPrincipal(JsonNode principal) {
        if (!principal.asText().equals("*") && !principal.path("AWS").asText().equals("*")) {
            throw unable("Deny for the principal " + principal + "; it knows \"*\" and the condition aws:PrincipalArn");
        }
    }

    /** Refuses a request that a statement denies. */
    void check(PolicyRequest request) {
        for (Deny deny : denies) {
            if (deny.applies(request)) {
                throw new AwsError(
                        403,
                        "AccessDenied",
                        "User: " + request.caller() + " is not authorized to perform: " + request.action()
                                + " on resource: \"" + request.resource()
                                + "\" with an explicit deny in a resource-based policy (" + deny.sid() + ")");
            }
        }
    }

    private static List<String> texts(JsonNode statement, String element) {
        return listed(statement, element).stream().map(JsonNode::asText).toList();
    }

    private static List<JsonNode> listed(JsonNode node, String element) {
        JsonNode value = node.path(element);
        List<JsonNode> values = value.isArray() ? Json.elements(value) : List.of(value);
        if (value.isMissingNode() || values.isEmpty()) {
            throw malformed("Missing required field " + element);
        }
        return values;
    }

    static AwsError malformed(String message) {
        return AwsError.badRequest("MalformedPolicy", message);
    }

    static AwsError unable(String what) {
        return new AwsError(501, "NotImplemented", "The sandbox's S3 cannot judge " + what + " in a bucket policy.");
    }
}
