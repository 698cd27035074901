package dev.gantry.sandbox.wire;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One HTTP response.
 *
 * @param length of the body in bytes; 0 for none
 * @param error the AWS error code that it carries; empty for success
 */
public record WireResponse(int status, Map<String, String> headers, InputStream body, long length, String error) {

    public WireResponse {
        headers = Map.copyOf(headers);
    }

    public static WireResponse empty(int status, Map<String, String> headers) {
        return new WireResponse(status, headers, InputStream.nullInputStream(), 0, "");
    }

    public static WireResponse text(int status, String contentType, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new WireResponse(
                status, Map.of("Content-Type", contentType), new ByteArrayInputStream(bytes), bytes.length, "");
    }

    public static WireResponse stream(int status, Map<String, String> headers, InputStream body, long length) {
        return new WireResponse(status, headers, body, length, "");
    }

    public WireResponse with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new WireResponse(status, more, body, length, error);
    }

    /** The same, marked as the error that it renders, so that the journal can name it. */
    public WireResponse failing(String code) {
        return new WireResponse(status, headers, body, length, code);
    }
}
