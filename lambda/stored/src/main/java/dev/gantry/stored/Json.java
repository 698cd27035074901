package dev.gantry.stored;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Bytes to JSON trees and back. Duplicate keys and text after the end are refused: they hide errors. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Writes to a string first: Jackson's byte writer refuses half a surrogate pair, which a clipped text can end with. */
    public static byte[] bytes(JsonNode node) {
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
    public static Fields fields(String name, byte[] bytes) {
        return fields(new Origin.Stored(name), bytes);
    }

    /** The fields of a message, or of a machine's text: errors are {@link Unreadable} and quote nothing. */
    public static Fields message(byte[] bytes) {
        return fields(new Origin.Message(), bytes);
    }

    private static Fields fields(Origin origin, byte[] bytes) {
        try {
            return new Fields(origin, "", MAPPER.readTree(bytes));
        } catch (IOException e) {
            throw origin.notJson(e);
        }
    }

    /** The tree of a text that may be JSON. */
    public static Optional<JsonNode> tree(String text) {
        try {
            return Optional.of(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }
}
