package dev.gantry.sandbox.ec2;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a script wrote to one of its streams. The SSM agent counts and cuts output in bytes, not in characters, so the bytes are
 * kept until the result is reported. Immutable.
 */
public final class Bytes {
    public static final Bytes NONE = new Bytes(new byte[0]);

    private static final char REPLACEMENT = '\uFFFD';

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    public static Bytes of(byte[] content) {
        return content.length == 0 ? NONE : new Bytes(content.clone());
    }

    public static Bytes of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    public int size() {
        return content.length;
    }

    public boolean isEmpty() {
        return content.length == 0;
    }

    /** At most this many bytes from the beginning. A character may be cut in two. */
    public Bytes first(int count) {
        return count >= content.length ? this : new Bytes(Arrays.copyOf(content, Math.max(count, 0)));
    }

    public Bytes plus(Bytes more) {
        byte[] all = Arrays.copyOf(content, content.length + more.content.length);
        System.arraycopy(more.content, 0, all, content.length, more.content.length);
        return new Bytes(all);
    }

    public Bytes plus(String more) {
        return more.isEmpty() ? this : plus(of(more));
    }

    /**
     * As text, read the way Go's encoding/json writes a string: each byte that is no part of a valid character becomes one
     * replacement character. Java's own decoder makes one of several such bytes.
     */
    public String text() {
        StringBuilder text = new StringBuilder(content.length);
        int at = 0;
        while (at < content.length) {
            int length = characterLength(at);
            if (length == 0) {
                text.append(REPLACEMENT);
                at++;
            } else {
                text.append(new String(content, at, length, StandardCharsets.UTF_8));
                at += length;
            }
        }
        return text.toString();
    }

    /** The length in bytes of the character that begins here; 0 if none begins here. */
    private int characterLength(int at) {
        int lead = content[at] & 0xFF;
        int length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (length < 2) {
            return length;
        }
        if (at + length > content.length || !secondFits(lead, content[at + 1] & 0xFF)) {
            return 0;
        }
        for (int i = at + 2; i < at + length; i++) {
            if ((content[i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /** The second byte also rules out overlong forms, surrogates, and what is beyond U+10FFFF (RFC 3629, section 4). */
    private static boolean secondFits(int lead, int second) {
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return low <= second && second <= high;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return text();
    }
}
