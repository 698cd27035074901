package dev.gantry.sandbox.lambda;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How one execution ended.
 *
 * @param payload what the function returned, or the error as JSON
 * @param failed true where X-Amz-Function-Error says {@code Unhandled}
 */
public record Outcome(String payload, boolean failed) {

    static Outcome success(String payload) {
        return new Outcome(payload, false);
    }

    /** An error that the runtime reported. */
    static Outcome error(String payload) {
        return new Outcome(payload, true);
    }

    /** An error that Lambda reports, because the runtime no longer could. */
    static Outcome error(String type, String message) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("errorType", type).put("errorMessage", message);
        return error(error.toString());
    }
}
