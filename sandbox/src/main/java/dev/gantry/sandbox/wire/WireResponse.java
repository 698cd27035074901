package dev.gantry.sandbox.wire;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
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

    /** The same, whose body ends halfway although its length was promised: the server then closes the connection. */
    WireResponse half() {
        return new WireResponse(status, headers, new Beginning(body, length / 2), length, error);
    }

    /** The first bytes of a stream. */
    private static final class Beginning extends FilterInputStream {
        private long left;

        Beginning(InputStream whole, long bytes) {
            super(whole);
            left = bytes;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            left--;
            return in.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(buffer, offset, (int) Math.min(left, length));
            left -= Math.max(0, count);
            return count;
        }
    }

    /** The same, marked as the error that it renders, so that the journal can name it. */
    public WireResponse failing(String code) {
        return new WireResponse(status, headers, body, length, code);
    }
}
