package dev.gantry.bastion.message;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.text.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The fields of one JSON object from outside, read with their types. What does not fit is {@link Unreadable}, with the field's
 * path. A key that stands twice and text after the end are refused: two readers could understand them differently.
 */
public final class JsonObject {
    private static final int SHOWN = 60;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final String path;
    private final JsonNode node;

    private JsonObject(String path, JsonNode node) {
        this.path = path;
        this.node = node;
        if (!node.isObject()) {
            throw new Unreadable((path.isEmpty() ? "it" : path) + " must be a JSON object");
        }
    }

    /** Reads one JSON object; anything else is {@link Unreadable}. */
    public static JsonObject of(byte[] bytes) {
        try {
            return new JsonObject("", MAPPER.readTree(bytes));
        } catch (JsonProcessingException e) {
            // Jackson's own text quotes what it read, which may be a secret.
            throw new Unreadable("it is not JSON" + place(e.getLocation()));
        } catch (IOException e) {
            // Bytes that Jackson takes for UTF-16 or UTF-32, and that are neither.
            throw new Unreadable("it is not JSON: not UTF-8");
        }
    }

    /**
     * Where the parser stopped. Jackson gives no location when a limit of its own is exceeded: nesting beyond 1,000, a number
     * beyond 1,000 digits, a name beyond 50,000 characters (jackson-core, {@code StreamReadConstraints}).
     */
    private static String place(JsonLocation location) {
        return location == null
                ? ": it is nested too deeply, or has a name or a number that is too long"
                : ", at column " + location.getColumnNr();
    }

    public static JsonObject of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** An empty object, to be written. */
    public static ObjectNode empty() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** By way of a string: Jackson's byte writer refuses half a surrogate pair, which a clipped text can end with. */
    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree could not be written", e);
        }
    }

    public JsonNode node() {
        return node;
    }

    public boolean has(String field) {
        return present(field).isPresent();
    }

    /** Refuses a version of the form that this program does not know. */
    public JsonObject needFormat(int format) {
        if (!present("format")
                .filter(value -> value.isIntegralNumber() && value.intValue() == format)
                .isPresent()) {
            throw broken("format", "must be " + format);
        }
        return this;
    }

    public String text(String field) {
        return optionalText(field).orElseThrow(() -> broken(field, "is missing"));
    }

    public Optional<String> optionalText(String field) {
        return present(field).map(value -> {
            if (!value.isTextual()) {
                throw broken(field, "must be a string");
            }
            return value.textValue();
        });
    }

    public int number(String field) {
        return present(field)
                .filter(value -> value.isIntegralNumber() && value.canConvertToInt())
                .orElseThrow(() -> broken(field, "must be a whole number"))
                .intValue();
    }

    public Instant time(String field) {
        String text = text(field);
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw broken(field, "must be a time like 2026-01-31T12:00:00Z, not '" + Text.clip(text, SHOWN) + "'");
        }
    }

    /** A value with rules of its own, which its constructor checks. */
    public <T> T value(String field, Function<String, T> constructor) {
        String text = text(field);
        try {
            return constructor.apply(text);
        } catch (IllegalArgumentException e) {
            throw broken(field, "is " + e.getMessage());
        }
    }

    public JsonObject object(String field) {
        return optionalObject(field).orElseThrow(() -> broken(field, "is missing"));
    }

    public Optional<JsonObject> optionalObject(String field) {
        return present(field).map(value -> new JsonObject(pathOf(field), value));
    }

    public List<String> texts(String field) {
        JsonNode list = present(field).filter(JsonNode::isArray).orElseThrow(() -> broken(field, "must be a list"));
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list) {
            if (!item.isTextual()) {
                throw broken(field + "[" + texts.size() + "]", "must be a string");
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    /** The members of an object whose values are all strings. */
    public Map<String, String> members() {
        Map<String, String> members = new LinkedHashMap<>();
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            members.put(name, text(name));
        }
        return members;
    }

    public Unreadable broken(String field, String why) {
        return new Unreadable(Text.clip(pathOf(field), SHOWN) + " " + why);
    }

    private Optional<JsonNode> present(String field) {
        return Optional.ofNullable(node.get(field)).filter(value -> !value.isNull());
    }

    private String pathOf(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
