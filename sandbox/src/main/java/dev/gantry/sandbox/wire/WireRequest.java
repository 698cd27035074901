package dev.gantry.sandbox.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request as it came: nothing decoded but names.
 *
 * @param rawPath the path, still percent-encoded
 * @param rawQuery the query string, still percent-encoded
 * @param parameters the query string, decoded; a name without a value has an empty one
 * @param headers by lower-case name; several values of one name are joined by a comma
 * @param body read once, by the handler
 */
public record WireRequest(
        String method,
        String rawPath,
        String rawQuery,
        Map<String, String> parameters,
        Map<String, String> headers,
        InputStream body) {

    /** A request without a query string. */
    public WireRequest(String method, String rawPath, Map<String, String> headers, InputStream body) {
        this(method, rawPath, "", Map.of(), headers, body);
    }

    /** The same request with another body, for a second reader. */
    WireRequest with(InputStream other) {
        return new WireRequest(method, rawPath, rawQuery, parameters, headers, other);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    public Optional<String> query(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** The whole body as text. */
    public String text() {
        try {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the client's body ended early", e);
        }
    }

    /**
     * Decodes {@code a=1&b&c=%20}; of a repeated name the first value counts.
     *
     * @throws AwsError where an escape is broken ("Common errors" of the Query APIs: MalformedQueryString)
     */
    public static Map<String, String> form(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                fields.putIfAbsent(decode(name), decode(value));
            }
        }
        return fields;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw AwsError.badRequest(
                    "MalformedQueryString", "The query string contains a syntax error: " + e.getMessage());
        }
    }
}
