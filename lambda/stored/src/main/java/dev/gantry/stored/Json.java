package dev.gantry.stored;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Bytes to JSON trees and back, by Jackson's parser and generator alone: its mapper is some 300 classes more for a cold function
 * (docs/decisions/0026).
 *
 * <p>Nesting is bounded by the parser (1,000 levels), so that recursion is.
 */
public final class Json {
    /** A key that stands twice is refused: it hides a mistake. */
    private static final JsonFactory STRICT = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final JsonFactory LENIENT = new JsonFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    public static ObjectNode object() {
        return NODES.objectNode();
    }

    /** Writes to a string first: Jackson's byte writer refuses half a surrogate pair, which a clipped text can end with. */
    public static byte[] bytes(JsonNode node) {
        return text(node).getBytes(StandardCharsets.UTF_8);
    }

    /** A tree as one line, or a map, a list, a text, a number or a truth value; anything else is written as its own text. */
    public static String text(Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator to = LENIENT.createGenerator(text)) {
            write(to, value);
        } catch (IOException e) {
            throw new UncheckedIOException("JSON could not be written to a string", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator to, Object value) throws IOException {
        if (value instanceof JsonNode node) {
            write(to, node);
        } else if (value instanceof Map<?, ?> map) {
            to.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                to.writeFieldName(String.valueOf(entry.getKey()));
                write(to, entry.getValue());
            }
            to.writeEndObject();
        } else if (value instanceof Iterable<?> list) {
            to.writeStartArray();
            for (Object item : list) {
                write(to, item);
            }
            to.writeEndArray();
        } else {
            writeScalar(to, value);
        }
    }

    private static void writeScalar(JsonGenerator to, Object value) throws IOException {
        if (value == null) {
            to.writeNull();
        } else if (value instanceof Boolean flag) {
            to.writeBoolean(flag);
        } else if (value instanceof Integer || value instanceof Long) {
            to.writeNumber(((Number) value).longValue());
        } else if (value instanceof Number number) {
            to.writeNumber(number.toString());
        } else {
            to.writeString(value.toString());
        }
    }

    private static void write(JsonGenerator to, JsonNode node) throws IOException {
        switch (node.getNodeType()) {
            case OBJECT -> {
                to.writeStartObject();
                for (Map.Entry<String, JsonNode> field : node.properties()) {
                    to.writeFieldName(field.getKey());
                    write(to, field.getValue());
                }
                to.writeEndObject();
            }
            case ARRAY -> {
                to.writeStartArray();
                for (JsonNode item : node) {
                    write(to, item);
                }
                to.writeEndArray();
            }
            case STRING -> to.writeString(node.textValue());
            case NUMBER -> to.writeNumber(node.asText());
            case BOOLEAN -> to.writeBoolean(node.booleanValue());
            case NULL, MISSING -> to.writeNull();
            case POJO, BINARY -> throw new IllegalArgumentException("a tree of JSON has no " + node.getNodeType());
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
        try (JsonParser parser = STRICT.createParser(bytes)) {
            return new Fields(origin, "", onlyTree(parser));
        } catch (IOException e) {
            throw origin.notJson(e);
        }
    }

    /** The tree of a text that may be JSON. */
    public static Optional<JsonNode> tree(String text) {
        try (JsonParser parser = STRICT.createParser(text)) {
            return Optional.of(onlyTree(parser)).filter(node -> !node.isMissingNode());
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    /**
     * The tree of a text that AWS wrote, however it repeats its keys; a missing node where the text is empty.
     *
     * @throws JsonProcessingException where it is no JSON
     */
    public static JsonNode foreign(String text) throws JsonProcessingException {
        try (JsonParser parser = LENIENT.createParser(text)) {
            return firstTree(parser);
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("a text could not be read", e);
        }
    }

    /** The same of what Lambda hands over. */
    public static JsonNode foreign(byte[] bytes) throws JsonProcessingException {
        return foreign(new String(bytes, StandardCharsets.UTF_8));
    }

    /** Text after the end is refused: it hides a mistake. */
    private static JsonNode onlyTree(JsonParser parser) throws IOException {
        JsonNode tree = firstTree(parser);
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "there is text after the end of the JSON value");
        }
        return tree;
    }

    private static JsonNode firstTree(JsonParser parser) throws IOException {
        JsonToken first = parser.nextToken();
        return first == null ? MissingNode.getInstance() : tree(parser, first);
    }

    private static JsonNode tree(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> switch (parser.getNumberType()) {
                case INT -> NODES.numberNode(parser.getIntValue());
                case LONG -> NODES.numberNode(parser.getLongValue());
                default -> NODES.numberNode(parser.getBigIntegerValue());
            };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    private static ObjectNode object(JsonParser parser) throws IOException {
        ObjectNode object = NODES.objectNode();
        for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            object.set(field, tree(parser, parser.nextToken()));
        }
        return object;
    }

    private static ArrayNode array(JsonParser parser) throws IOException {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(tree(parser, token));
        }
        return array;
    }
}
