package dev.gantry.sandbox.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Decodes the {@code aws-chunked} content encoding: chunks of {@code <hex size>[;chunk-signature=…]}, then trailing headers,
 * where SDKs put the checksum of what they streamed. Source: S3 API reference, "Signature calculations: transferring
 * payload in multiple chunks". A malformed body is an {@link IOException}.
 */
final class AwsChunkedInputStream extends InputStream {
    private static final int LONGEST_LINE = 8192;

    private final InputStream in;
    private final Map<String, String> trailers = new LinkedHashMap<>();
    private long left;
    private boolean ended;
    private boolean first = true;

    AwsChunkedInputStream(InputStream in) {
        this.in = in;
    }

    /** The trailing headers by lower-case name; complete once the stream has ended. */
    Map<String, String> trailers() {
        return trailers;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new IOException("the body ended within a chunk");
        }
        left -= count;
        return count;
    }

    private void nextChunk() throws IOException {
        if (!first && !line().isEmpty()) {
            throw new IOException("a chunk is longer than it says");
        }
        first = false;
        String header = line();
        int semicolon = header.indexOf(';');
        try {
            left = Long.parseLong(semicolon < 0 ? header : header.substring(0, semicolon), 16);
        } catch (NumberFormatException e) {
            throw new IOException("a chunk does not begin with its size: " + header, e);
        }
        if (left == 0) {
            readTrailers();
            ended = true;
        }
    }

    private void readTrailers() throws IOException {
        for (String trailer = line(); !trailer.isEmpty(); trailer = line()) {
            int colon = trailer.indexOf(':');
            if (colon < 0) {
                throw new IOException("a trailing header has no colon: " + trailer);
            }
            trailers.put(
                    trailer.substring(0, colon).trim().toLowerCase(Locale.ROOT),
                    trailer.substring(colon + 1).trim());
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
            if (line.size() > LONGEST_LINE) {
                throw new IOException("a chunk's header is too long");
            }
        }
        return line.toString(US_ASCII).strip();
    }
}
