package dev.gantry.stored;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.text.Text;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The fields of one JSON object, read with their types. A field that does not fit is the {@link Origin}'s error, which names the
 * field's path and what was expected: {@link GantryException.Misconfigured} for an object in S3, {@link Unreadable} for a message.
 */
public final class Fields {
    private final Origin origin;
    private final String path;
    private final JsonNode node;

    Fields(Origin origin, String path, JsonNode node) {
        this.origin = origin;
        this.path = path;
        this.node = node;
        if (!node.isObject()) {
            throw origin.error(path, "must be a JSON object" + origin.instead(node));
        }
    }

    /** Refuses a version of the form that this program does not know. */
    public Fields needFormat(int format) {
        if (present("format")
                .filter(value -> value.isIntegralNumber() && value.intValue() == format)
                .isEmpty()) {
            throw broken("format", "must be " + format);
        }
        return this;
    }

    public boolean has(String field) {
        return present(field).isPresent();
    }

    /** For objects that people write: a misspelt field is an error, not a default. */
    public void refuseOthersThan(Set<String> known) {
        node.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                throw broken(
                        field,
                        "is not a field that Gantry knows; the fields are "
                                + known.stream().sorted().toList());
            }
        });
    }

    /** The whole JSON object. */
    public JsonNode json() {
        return node;
    }

    public String text(String field) {
        return required(field, optionalText(field));
    }

    public String text(String field, String otherwise) {
        return optionalText(field).orElse(otherwise);
    }

    public Optional<String> optionalText(String field) {
        return present(field).map(value -> {
            if (!value.isTextual()) {
                throw broken(field, "must be a string" + origin.instead(value));
            }
            return value.textValue();
        });
    }

    public int number(String field) {
        return required(field, optionalNumber(field));
    }

    /** Whole numbers of 32 bits; the caller checks their range. */
    public Optional<Integer> optionalNumber(String field) {
        return present(field).map(value -> {
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                throw broken(field, "must be a whole number" + origin.instead(value));
            }
            return value.intValue();
        });
    }

    public boolean flag(String field, boolean otherwise) {
        return present(field)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw broken(field, "must be true or false" + origin.instead(value));
                    }
                    return value.booleanValue();
                })
                .orElse(otherwise);
    }

    public Instant time(String field) {
        return required(field, optionalTime(field));
    }

    public Optional<Instant> optionalTime(String field) {
        return optionalText(field).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw broken(
                        field, "must be a time like 2026-01-31T12:00:00Z, not '" + Text.clip(text, Origin.SHOWN) + "'");
            }
        });
    }

    /** For fields that are either a word or an object. */
    public boolean isObject(String field) {
        return present(field).filter(JsonNode::isObject).isPresent();
    }

    /** One of a few words. */
    public <T> T choice(String field, Map<String, T> words) {
        String word = text(field);
        if (!words.containsKey(word)) {
            throw broken(
                    field,
                    "must be one of " + words.keySet().stream().sorted().toList() + ", not '"
                            + Text.clip(word, Origin.SHOWN) + "'");
        }
        return words.get(word);
    }

    /** A value with rules of its own, which its constructor checks. */
    public <T> T value(String field, Function<String, T> constructor) {
        return required(field, optionalValue(field, constructor));
    }

    public <T> Optional<T> optionalValue(String field, Function<String, T> constructor) {
        return optionalText(field).map(text -> checked(field, () -> constructor.apply(text)));
    }

    public Fields object(String field) {
        return required(field, optionalObject(field));
    }

    public Optional<Fields> optionalObject(String field) {
        return present(field).map(value -> new Fields(origin, pathOf(field), value));
    }

    public List<Fields> objects(String field) {
        Optional<JsonNode> list = present(field);
        List<Fields> items = new ArrayList<>();
        list.ifPresent(values -> {
            if (!values.isArray()) {
                throw broken(field, "must be a list" + origin.instead(values));
            }
            for (JsonNode item : values) {
                items.add(new Fields(origin, pathOf(field) + "[" + items.size() + "]", item));
            }
        });
        return items;
    }

    /** A list of strings. */
    public List<String> strings(String field) {
        JsonNode list = present(field).filter(JsonNode::isArray).orElseThrow(() -> broken(field, "must be a list"));
        List<String> strings = new ArrayList<>();
        for (JsonNode item : list) {
            if (!item.isTextual()) {
                throw broken(field + "[" + strings.size() + "]", "must be a string" + origin.instead(item));
            }
            strings.add(item.textValue());
        }
        return strings;
    }

    /** The members of an object whose field names are data. */
    public Map<String, Fields> entries() {
        Map<String, Fields> entries = new LinkedHashMap<>();
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            entries.put(name, object(name));
        }
        return entries;
    }

    /** The same where each of them is a string. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        node.fieldNames().forEachRemaining(name -> texts.put(name, text(name)));
        return texts;
    }

    /** Runs a constructor that checks its arguments, and says which field, or which object, it refused. */
    public <T> T checked(String field, Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            throw broken(field, why.startsWith("not ") ? "is " + why : why);
        }
    }

    /** The same for a constructor whose own message names the field. */
    public <T> T checked(Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (IllegalArgumentException e) {
            throw origin.error((path.isEmpty() ? "" : path + ": ") + e.getMessage());
        }
    }

    public RuntimeException broken(String field, String why) {
        return origin.error(pathOf(field), why);
    }

    private <T> T required(String field, Optional<T> value) {
        return value.orElseThrow(() -> broken(field, "is missing"));
    }

    /** A null field counts as missing: Terraform's jsonencode writes unset values as null. */
    private Optional<JsonNode> present(String field) {
        return Optional.ofNullable(node.get(field)).filter(value -> !value.isNull());
    }

    private String pathOf(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
