package dev.gantry.aws;

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
 * The fields of one JSON object, read with their types. Whatever does not fit is a {@link GantryException.Misconfigured} that
 * names the object in S3, the field's path and what was expected.
 */
final class Fields {
    private static final int SHOWN = 60;

    private final String object;
    private final String path;
    private final JsonNode node;

    Fields(String object, String path, JsonNode node) {
        this.object = object;
        this.path = path;
        this.node = node;
        if (!node.isObject()) {
            throw new GantryException.Misconfigured(
                    object + (path.isEmpty() ? "" : ": " + path) + " must be a JSON object, not " + shown(node));
        }
    }

    /** For objects that people write: a misspelt field is an error, not a default. */
    void refuseOthersThan(Set<String> known) {
        node.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                throw broken(
                        field,
                        "is not a field that Gantry knows; the fields are "
                                + known.stream().sorted().toList());
            }
        });
    }

    /** All of it. */
    JsonNode json() {
        return node;
    }

    String text(String field) {
        return required(field, optionalText(field));
    }

    String text(String field, String otherwise) {
        return optionalText(field).orElse(otherwise);
    }

    Optional<String> optionalText(String field) {
        return present(field).map(value -> {
            if (!value.isTextual()) {
                throw broken(field, "must be a string, not " + shown(value));
            }
            return value.textValue();
        });
    }

    int number(String field) {
        return required(field, optionalNumber(field));
    }

    /** Whole numbers of 32 bits; what they may be is the business of whoever asked. */
    Optional<Integer> optionalNumber(String field) {
        return present(field).map(value -> {
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                throw broken(field, "must be a whole number, not " + shown(value));
            }
            return value.intValue();
        });
    }

    boolean flag(String field, boolean otherwise) {
        return present(field)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw broken(field, "must be true or false, not " + shown(value));
                    }
                    return value.booleanValue();
                })
                .orElse(otherwise);
    }

    Instant time(String field) {
        return required(field, optionalTime(field));
    }

    Optional<Instant> optionalTime(String field) {
        return optionalText(field).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw broken(field, "must be a time like 2026-01-31T12:00:00Z, not '" + Text.clip(text, SHOWN) + "'");
            }
        });
    }

    /** For fields that are either a word or an object. */
    boolean isObject(String field) {
        return present(field).filter(JsonNode::isObject).isPresent();
    }

    /** One of a few words. */
    <T> T choice(String field, Map<String, T> words) {
        String word = text(field);
        if (!words.containsKey(word)) {
            throw broken(
                    field,
                    "must be one of " + words.keySet().stream().sorted().toList() + ", not '" + Text.clip(word, SHOWN)
                            + "'");
        }
        return words.get(word);
    }

    /** A value with rules of its own, which its constructor checks. */
    <T> T value(String field, Function<String, T> constructor) {
        return required(field, optionalValue(field, constructor));
    }

    <T> Optional<T> optionalValue(String field, Function<String, T> constructor) {
        return optionalText(field).map(text -> checked(field, () -> constructor.apply(text)));
    }

    Fields object(String field) {
        return required(field, optionalObject(field));
    }

    Optional<Fields> optionalObject(String field) {
        return present(field).map(value -> new Fields(object, pathOf(field), value));
    }

    List<Fields> objects(String field) {
        Optional<JsonNode> list = present(field);
        List<Fields> items = new ArrayList<>();
        list.ifPresent(values -> {
            if (!values.isArray()) {
                throw broken(field, "must be a list, not " + shown(values));
            }
            for (JsonNode item : values) {
                items.add(new Fields(object, pathOf(field) + "[" + items.size() + "]", item));
            }
        });
        return items;
    }

    /** The members of an object whose field names are data. */
    Map<String, Fields> entries() {
        Map<String, Fields> entries = new LinkedHashMap<>();
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            entries.put(name, object(name));
        }
        return entries;
    }

    /** The same where each of them is a string. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        node.fieldNames().forEachRemaining(name -> texts.put(name, text(name)));
        return texts;
    }

    /** Runs a constructor that checks its arguments, and says which field, or which object, it refused. */
    <T> T checked(String field, Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (IllegalArgumentException e) {
            throw broken(field, e.getMessage());
        }
    }

    /** The same for a constructor whose own message names the field. */
    <T> T checked(Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (IllegalArgumentException e) {
            throw new GantryException.Misconfigured(
                    object + ": " + (path.isEmpty() ? "" : path + ": ") + e.getMessage());
        }
    }

    GantryException.Misconfigured broken(String field, String why) {
        return new GantryException.Misconfigured(object + ": " + pathOf(field) + " " + why);
    }

    private <T> T required(String field, Optional<T> value) {
        return value.orElseThrow(() -> broken(field, "is missing"));
    }

    /** A field that is null counts as one that is not there: Terraform's jsonencode writes unset values so. */
    private Optional<JsonNode> present(String field) {
        return Optional.ofNullable(node.get(field)).filter(value -> !value.isNull());
    }

    private String pathOf(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    private static String shown(JsonNode value) {
        return Text.clip(value.toString(), SHOWN);
    }
}
