package dev.gantry.aws;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.text.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Bytes to JSON trees and back. A key that stands twice and text after the end are refused: they hide mistakes. */
final class Json {
    private static final int REASON_LIMIT = 200;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** By way of a string: Jackson's byte writer refuses half a surrogate pair, which a clipped text can end with. */
    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree could not be written", e);
        }
    }

    /**
     * The fields of an object in S3.
     *
     * @param name the object's name, for errors
     */
    static Fields fields(String name, byte[] bytes) {
        JsonNode root;
        try {
            root = MAPPER.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new GantryException.Misconfigured(
                    name + " is not JSON: " + Text.clip(String.valueOf(e.getOriginalMessage()), REASON_LIMIT)
                            + place(e.getLocation()),
                    e);
        } catch (IOException e) {
            // Bytes that Jackson takes for UTF-16 or UTF-32, and that are neither.
            throw new GantryException.Misconfigured(
                    name + " is not JSON: " + Text.clip(String.valueOf(e.getMessage()), REASON_LIMIT), e);
        }
        return new Fields(name, "", root);
    }

    /**
     * Where the parser stopped. Jackson gives no location when a limit of its own is exceeded: nesting beyond 1,000, a number
     * beyond 1,000 digits, a name beyond 50,000 characters (jackson-core, {@code StreamReadConstraints}).
     */
    private static String place(JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr();
    }

    /** The tree of a text that may be JSON. */
    static Optional<JsonNode> tree(String text) {
        try {
            return Optional.of(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }
}
