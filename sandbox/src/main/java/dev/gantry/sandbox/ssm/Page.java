package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.wire.AwsError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * One page of a list: {@code MaxResults} entries from {@code NextToken} on, and the token of the next page if there is
 * one.
 */
final class Page {
    private Page() {}

    static void fill(ObjectNode output, String member, List<ObjectNode> all, JsonNode input, int pageSize) {
        int from = input.path("NextToken").asText("").isEmpty()
                ? 0
                : position(input.path("NextToken").asText());
        int size = input.path("MaxResults").asInt(pageSize);
        int to = Math.min(all.size(), from + size);
        output.set(member, Json.nodes(from < to ? all.subList(from, to) : List.of()));
        if (to < all.size()) {
            output.put("NextToken", token(to));
        }
    }

    private static String token(int position) {
        return Base64.getUrlEncoder().encodeToString(("at:" + position).getBytes(StandardCharsets.UTF_8));
    }

    private static int position(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith("at:")) {
                return Integer.parseInt(text.substring(3));
            }
        } catch (IllegalArgumentException e) {
            // Falls through: this service did not issue such a token.
        }
        throw AwsError.badRequest("InvalidNextToken", "The specified token isn't valid.");
    }
}
