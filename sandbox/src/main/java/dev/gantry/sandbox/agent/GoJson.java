package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ssm.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * JSON as Go's packages encoding/json and fmt treat it, because the agent is written in Go and its results show it: the text of
 * a value inside another text, and the error message for a text that is not JSON.
 */
final class GoJson {
    private static final double LARGE = 1e21;
    private static final double SMALL_TO_MARSHAL = 1e-6;
    private static final double SMALL_TO_PRINT = 1e-4;

    private GoJson() {}

    /** A field of an object. Go takes the exact name, or one that differs in case only. */
    static JsonNode field(JsonNode object, String name) {
        return object.has(name)
                ? object.get(name)
                : object.properties().stream()
                        .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                        .map(Map.Entry::getValue)
                        .reduce((first, last) -> last)
                        .orElse(object.path(name));
    }

    /** {@code json.Marshal}: the keys sorted, and {@code <}, {@code >} and {@code &} escaped. */
    static String marshal(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return "null";
        }
        if (node.isArray()) {
            return Json.elements(node).stream().map(GoJson::marshal).collect(Collectors.joining(",", "[", "]"));
        }
        if (node.isObject()) {
            return sorted(node).entrySet().stream()
                    .map(entry -> quoted(entry.getKey()) + ":" + marshal(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (node.isNumber()) {
            return number(node.doubleValue(), SMALL_TO_MARSHAL).replaceFirst("e-0(\\d)$", "e-$1");
        }
        return node.isTextual() ? quoted(node.textValue()) : node.asText();
    }

    /** {@code fmt.Sprintf("%v")} of what json.Unmarshal makes of it. */
    static String print(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return "<nil>";
        }
        if (node.isArray()) {
            return Json.elements(node).stream().map(GoJson::print).collect(Collectors.joining(" ", "[", "]"));
        }
        if (node.isObject()) {
            return sorted(node).entrySet().stream()
                    .map(entry -> entry.getKey() + ":" + print(entry.getValue()))
                    .collect(Collectors.joining(" ", "map[", "]"));
        }
        return node.isNumber() ? number(node.doubleValue(), SMALL_TO_PRINT) : node.asText();
    }

    static Map<String, JsonNode> sorted(JsonNode object) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        object.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    /** What Go calls a value of this kind in its errors. */
    static String kind(JsonNode node) {
        return node.isArray()
                ? "array"
                : node.isObject() ? "object" : node.isNumber() ? "number" : node.isBoolean() ? "bool" : "string";
    }

    /** The words of json.Unmarshal for a text that is no JSON; empty for one that is. */
    static Optional<String> syntaxError(String text) {
        return new Scanner(text.getBytes(StandardCharsets.UTF_8)).scan();
    }

    private static String number(double value, double small) {
        double size = Math.abs(value);
        if (value == 0) {
            return "0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (size >= small && size < LARGE) {
            return exact.toPlainString();
        }
        int exponent = exact.precision() - exact.scale() - 1;
        String digits = exact.unscaledValue().abs().toString();
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        return (value < 0 ? "-" : "") + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+")
                + String.format(Locale.ROOT, "%02d", Math.abs(exponent));
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '<', '>', '&', '\u2028', '\u2029' -> out.append(escaped(c));
                default -> out.append(c < ' ' ? escaped(c) : String.valueOf(c));
            }
        }
        return out.append('"').toString();
    }

    private static String escaped(char c) {
        return String.format(Locale.ROOT, "\\u%04x", (int) c);
    }

    /** Go's scanner of JSON, as far as its first error. */
    private static final class Scanner {
        private final byte[] text;
        /** What is open, the innermost first: an object or an array. */
        private final Deque<Character> open = new ArrayDeque<>();

        private int at;

        Scanner(byte[] text) {
            this.text = text;
        }

        Optional<String> scan() {
            try {
                value();
                while (!open.isEmpty()) {
                    afterValue();
                }
                if (peek() != END) {
                    throw new Unexpected("after top-level value");
                }
                return Optional.empty();
            } catch (Unexpected e) {
                return Optional.of(
                        at >= text.length
                                ? "unexpected end of JSON input"
                                : "invalid character " + quotedCharacter() + " " + e.getMessage());
            }
        }

        private static final int END = -1;

        private void value() throws Unexpected {
            int c = peek();
            switch (c) {
                case '{' -> begin('{', '}');
                case '[' -> begin('[', ']');
                case '"' -> string();
                case 't' -> literal("true");
                case 'f' -> literal("false");
                case 'n' -> literal("null");
                default -> {
                    if (c != '-' && !isDigit(c)) {
                        throw new Unexpected("looking for beginning of value");
                    }
                    number();
                }
            }
        }

        private void begin(char opening, char closing) throws Unexpected {
            at++;
            if (peek() == closing) {
                at++;
                return;
            }
            open.push(opening);
            if (opening == '{') {
                key();
            }
            value();
        }

        private void key() throws Unexpected {
            if (peek() != '"') {
                throw new Unexpected("looking for beginning of object key string");
            }
            string();
            if (peek() != ':') {
                throw new Unexpected("after object key");
            }
            at++;
        }

        private void afterValue() throws Unexpected {
            boolean object = open.peek() == '{';
            int c = peek();
            if (c == ',') {
                at++;
                if (object) {
                    key();
                }
                value();
            } else if (c == (object ? '}' : ']')) {
                at++;
                open.pop();
            } else {
                throw new Unexpected(object ? "after object key:value pair" : "after array element");
            }
        }

        private void string() throws Unexpected {
            at++;
            while (true) {
                int c = raw();
                if (c == END || (c >= 0 && c < ' ')) {
                    throw new Unexpected("in string literal");
                }
                at++;
                if (c == '"') {
                    return;
                } else if (c == '\\') {
                    escape();
                }
            }
        }

        private void escape() throws Unexpected {
            int c = raw();
            if (c == END || "bfnrt\\/\"u".indexOf(c) < 0) {
                throw new Unexpected("in string escape code");
            }
            at++;
            for (int i = 0; c == 'u' && i < 4; i++) {
                if (Character.digit(raw(), 16) < 0) {
                    throw new Unexpected("in \\u hexadecimal character escape");
                }
                at++;
            }
        }

        private void literal(String word) throws Unexpected {
            for (int i = 0; i < word.length(); i++) {
                char expected = word.charAt(i);
                if (raw() != expected) {
                    throw new Unexpected("in literal " + word + " (expecting '" + expected + "')");
                }
                at++;
            }
        }

        private void number() throws Unexpected {
            if (raw() == '-') {
                at++;
            }
            if (raw() == '0') {
                at++;
            } else {
                digits("in numeric literal");
            }
            if (raw() == '.') {
                at++;
                digits("after decimal point in numeric literal");
            }
            if (raw() == 'e' || raw() == 'E') {
                at++;
                if (raw() == '+' || raw() == '-') {
                    at++;
                }
                digits("in exponent of numeric literal");
            }
        }

        private void digits(String where) throws Unexpected {
            if (!isDigit(raw())) {
                throw new Unexpected(where);
            }
            while (isDigit(raw())) {
                at++;
            }
        }

        private static boolean isDigit(int c) {
            return c >= '0' && c <= '9';
        }

        private int peek() {
            while (at < text.length && List.of(' ', '\t', '\r', '\n').contains((char) text[at])) {
                at++;
            }
            return raw();
        }

        private int raw() {
            return at < text.length ? text[at] & 0xFF : END;
        }

        private String quotedCharacter() {
            char c = (char) (text[at] & 0xFF);
            return switch (c) {
                case '\'' -> "'\\''";
                case '"' -> "'\"'";
                case '\\' -> "'\\\\'";
                case '\n' -> "'\\n'";
                case '\t' -> "'\\t'";
                case '\r' -> "'\\r'";
                default -> c < ' ' || c == 0x7F ? String.format(Locale.ROOT, "'\\x%02x'", (int) c) : "'" + c + "'";
            };
        }
    }

    private static final class Unexpected extends Exception {
        private static final long serialVersionUID = 1L;

        Unexpected(String where) {
            super(where);
        }
    }
}
