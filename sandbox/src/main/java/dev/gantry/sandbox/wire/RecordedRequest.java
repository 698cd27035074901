package dev.gantry.sandbox.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * What of a request an IAM engine needs: on which resources it was, and with which condition keys. Contents, values of parameters
 * and secrets are left out.
 *
 * @param line the method and the path with its query string; for a form or JSON the path says nothing
 * @param names the members of the input that name resources, and the headers and tags that are condition keys; several values of
 *     one are joined by a comma
 */
public record RecordedRequest(String line, Map<String, String> names) {
    public static final RecordedRequest NONE = new RecordedRequest("", Map.of());

    private static final Set<String> MEMBERS = Set.of(
            "AutoScalingGroupName",
            "DocumentName",
            "InstanceId",
            "InstanceIds",
            "Name",
            "Names",
            "PermissionsBoundary",
            "PolicyArn",
            "QueueUrl");

    /** Service authorization reference, Amazon S3: each is a condition key, or chooses the key of the object. */
    private static final Set<String> HEADERS =
            Set.of("if-match", "if-none-match", "x-amz-copy-source", "x-amz-server-side-encryption-aws-kms-key-id");

    private static final ObjectMapper JSON = new ObjectMapper();

    public RecordedRequest {
        names = Map.copyOf(names);
    }

    /** Whether the input stands in the body, and so has to be read for it. */
    static boolean isInBody(WireRequest request) {
        return request.header("x-amz-target").isPresent() || isForm(request);
    }

    private static boolean isForm(WireRequest request) {
        return request.header("content-type")
                .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
                .isPresent();
    }

    /** @param body empty where the input stands in path and headers */
    static RecordedRequest of(WireRequest request, byte[] body) {
        Map<String, String> names = new TreeMap<>();
        request.headers().forEach((name, value) -> {
            if (HEADERS.contains(name)) {
                names.put(name, value);
            }
        });
        String text = new String(body, StandardCharsets.UTF_8);
        if (isForm(request)) {
            Map<String, String> form = form(text);
            form.forEach((name, value) -> {
                if (MEMBERS.contains(name)) {
                    names.put(name, value);
                }
            });
            names.putAll(RequestTags.ofForm(form));
        } else if (body.length > 0) {
            JsonNode input = parsed(text);
            input.properties().forEach(member -> {
                if (MEMBERS.contains(member.getKey())) {
                    names.put(member.getKey(), joined(member.getValue()));
                }
            });
            names.putAll(RequestTags.ofJson(input));
        }
        String query = request.rawQuery().isEmpty() ? "" : "?" + request.rawQuery();
        return new RecordedRequest(request.method() + " " + request.rawPath() + query, names);
    }

    /** What the service refuses names nothing. */
    private static Map<String, String> form(String text) {
        try {
            return WireRequest.form(text);
        } catch (AwsError broken) {
            return Map.of();
        }
    }

    private static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException broken) {
            return JSON.createObjectNode();
        }
    }

    private static String joined(JsonNode value) {
        if (!value.isArray()) {
            return value.asText();
        }
        StringJoiner all = new StringJoiner(",");
        value.forEach(one -> all.add(one.asText()));
        return all.toString();
    }
}
