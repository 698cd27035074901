package dev.gantry.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ssm.Json;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Upstream;
import java.util.Map;

/** Reads what the account behind the sandbox has, over its own APIs. */
final class AccountReader {
    private final Upstream upstream;
    private final String region;

    AccountReader(Upstream upstream, String region) {
        this.upstream = upstream;
        this.region = region;
    }

    /** A resource of a REST service. */
    JsonNode rest(String service, String path) {
        return parsed(upstream.ask(service, region, "GET", path, Map.of(), ""));
    }

    /** An operation of EventBridge. */
    JsonNode events(String operation, String input) {
        Map<String, String> headers =
                Map.of("x-amz-target", "AWSEvents." + operation, "content-type", "application/x-amz-json-1.1");
        return parsed(upstream.ask("events", region, "POST", "/", headers, input));
    }

    private static JsonNode parsed(String answer) {
        return Json.parse(answer).orElseThrow(() -> unusable("The answer is not JSON: " + answer));
    }

    static String text(JsonNode node, String name) {
        if (!node.path(name).isTextual()) {
            throw unusable("The account behind the sandbox names no " + name + " in " + node);
        }
        return node.path(name).textValue();
    }

    /** Terraform shows it as the refusal of its call. */
    static AwsError unusable(String why) {
        return AwsError.badRequest("ValidationError", why);
    }
}
