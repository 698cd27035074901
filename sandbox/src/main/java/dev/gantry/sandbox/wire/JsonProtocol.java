package dev.gantry.sandbox.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** AWS JSON 1.0 and 1.1: the operation in {@code X-Amz-Target}, JSON both ways, an error's code in {@code __type}. */
public final class JsonProtocol implements Protocol {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String version;
    private final JsonService service;

    /**
     * Speaks for one service.
     *
     * @param version {@code 1.0} or {@code 1.1}, as its model says
     */
    public JsonProtocol(String version, JsonService service) {
        this.version = version;
        this.service = service;
    }

    @Override
    public Call parse(WireRequest request, Caller caller, String requestId) {
        String target = request.header("x-amz-target").orElse("");
        String operation = target.substring(target.indexOf('.') + 1);
        return Protocol.call(operation, () -> {
            ObjectNode output = service.call(operation, input(request.text()));
            return answer(200, output, requestId);
        });
    }

    private static ObjectNode input(String body) {
        try {
            JsonNode input = JSON.readTree(body.isBlank() ? "{}" : body);
            if (input instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw AwsError.badRequest("SerializationException", "The body is not JSON: " + e.getOriginalMessage());
        }
        throw AwsError.badRequest("SerializationException", "The body is not a JSON object.");
    }

    @Override
    public WireResponse error(AwsError error, String requestId) {
        ObjectNode body = JSON.createObjectNode();
        body.put("__type", error.code());
        body.put("message", error.getMessage());
        WireResponse response = answer(error.status(), body, requestId).failing(error.code());
        if (service instanceof QueryCompatible old) {
            String fault = error.status() < 500 ? "Sender" : "Receiver";
            return response.with("x-amzn-query-error", old.queryCode(error.code()) + ";" + fault);
        }
        return response;
    }

    private WireResponse answer(int status, ObjectNode body, String requestId) {
        return WireResponse.text(status, "application/x-amz-json-" + version, body.toString())
                .with("x-amzn-RequestId", requestId);
    }
}
