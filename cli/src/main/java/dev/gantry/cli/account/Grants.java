package dev.gantry.cli.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a policy's text allows, as far as a look at actions goes: conditions and resources are left out, so that "not allowed" is
 * certain and "allowed" is likely. IAM knows better, but its simulation needs a permission of its own.
 */
final class Grants {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Grants() {}

    /** Whether one of these policies allows the action, and none denies it. Documents come percent-encoded from IAM. */
    static boolean allow(String action, List<String> documents) {
        List<JsonNode> statements = documents.stream()
                .flatMap(document -> statements(document).stream())
                .toList();
        return statements.stream().anyMatch(statement -> matches(statement, "Allow", action))
                && statements.stream()
                        .filter(statement -> !statement.has("Condition"))
                        .noneMatch(statement -> matches(statement, "Deny", action)
                                && list(statement.path("Resource")).contains("*"));
    }

    static List<JsonNode> statements(String document) {
        try {
            String text = document.startsWith("%7B") ? URLDecoder.decode(document, StandardCharsets.UTF_8) : document;
            JsonNode found = JSON.readTree(text).path("Statement");
            List<JsonNode> statements = new ArrayList<>();
            if (found.isArray()) {
                found.forEach(statements::add);
            } else if (found.isObject()) {
                statements.add(found);
            }
            return statements;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a policy: " + document, e);
        }
    }

    private static boolean matches(JsonNode statement, String effect, String action) {
        return statement.path("Effect").asText().equals(effect)
                && list(statement.path("Action")).stream().anyMatch(pattern -> isLike(pattern, action));
    }

    static List<String> list(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(one -> texts.add(one.asText()));
        } else if (node.isTextual()) {
            texts.add(node.asText());
        }
        return texts;
    }

    /** Actions are compared whatever their case, with * and ? (IAM user guide, "IAM JSON policy elements: Action"). */
    private static boolean isLike(String pattern, String action) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE).matcher(action).matches();
    }
}
