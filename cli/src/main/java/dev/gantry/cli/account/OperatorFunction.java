package dev.gantry.cli.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.base.Problem;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** The operator's function. All changes go through it, so that rules and records are the same for every user. */
public final class OperatorFunction {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LambdaClient lambda;
    private final String name;
    private final Supplier<String> caller;

    /**
     * Makes no call yet.
     *
     * @param caller who asks, for the record
     */
    OperatorFunction(LambdaClient lambda, String name, Supplier<String> caller) {
        this.lambda = lambda;
        this.name = name;
        this.caller = caller;
    }

    /**
     * What the function answered.
     *
     * @param decision where an instance was looked at
     */
    public record Response(String message, Optional<String> decision) {}

    /** Looks at an instance now, and does what is due. */
    public Response look(InstanceId instance) {
        return invoke(request("look").put("instance", instance.value()));
    }

    /** Makes a bundle current. */
    public Response propose(FleetName fleet, BundleId bundle) {
        return invoke(about("propose", fleet).put("bundle", bundle.sha256()));
    }

    /** Lifts a bundle's quarantine, and a suspension of Gantry's. */
    public Response lift(FleetName fleet, Optional<BundleId> bundle) {
        ObjectNode request = about("lift", fleet);
        bundle.ifPresent(lifted -> request.put("bundle", lifted.sha256()));
        return invoke(request);
    }

    /** Moves the dead-letter queue's messages back to the launch queue. */
    public Response redrive() {
        return invoke(request("redrive").put("by", caller.get()));
    }

    /** Keeps an instance at its gate for a look. */
    public Response hold(InstanceId instance, Duration time) {
        long minutes = time.plusSeconds(59).toMinutes();
        return invoke(about("hold", instance).put("minutes", minutes));
    }

    /** Takes a hold back. */
    public Response unhold(InstanceId instance) {
        return invoke(about("unhold", instance));
    }

    /** Has an instance run its bundle once more. */
    public Response retry(InstanceId instance) {
        return invoke(about("retry", instance));
    }

    private ObjectNode about(String action, InstanceId instance) {
        return request(action).put("instance", instance.value()).put("by", caller.get());
    }

    private ObjectNode about(String action, FleetName fleet) {
        return request(action).put("fleet", fleet.value()).put("by", caller.get());
    }

    private static ObjectNode request(String action) {
        return JsonNodeFactory.instance.objectNode().put("action", action);
    }

    private Response invoke(ObjectNode request) {
        InvokeResponse response = Calls.said(
                "invoking function " + name + " to " + request.get("action").asText(),
                () -> lambda.invoke(
                        call -> call.functionName(name).payload(SdkBytes.fromUtf8String(request.toString()))));
        String payload = response.payload().asUtf8String();
        // A function that threw still answers 200 (API_Invoke, X-Amz-Function-Error).
        if (response.functionError() != null) {
            throw new Problem(
                    Problem.AWS, "function " + name + " failed (" + response.functionError() + "): " + payload);
        }
        return read(payload);
    }

    private Response read(String payload) {
        JsonNode answer;
        try {
            answer = JSON.readTree(payload);
        } catch (JsonProcessingException e) {
            throw new Problem(Problem.AWS, "function " + name + " answered what is no JSON: " + payload, e);
        }
        String message = answer.path("message").asText();
        return switch (answer.path("status").asText()) {
            case "accepted" -> new Response(
                    message,
                    answer.hasNonNull("decision")
                            ? Optional.of(answer.get("decision").asText())
                            : Optional.empty());
            case "refused" -> throw new Problem(Problem.REFUSED, "refused: " + message);
            default -> throw new Problem(Problem.AWS, "function " + name + " answered: " + payload);
        };
    }
}
