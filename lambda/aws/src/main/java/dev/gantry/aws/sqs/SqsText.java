package dev.gantry.aws.sqs;

import java.nio.charset.StandardCharsets;

/** Texts in the form that SQS accepts. */
final class SqsText {
    private static final int REPLACEMENT = 0xFFFD;

    private SqsText() {}

    /**
     * The same with a replacement character for each character that SQS refuses the whole message for: it takes #x9, #xA, #xD,
     * #x20 to #xD7FF, #xE000 to #xFFFD and #x10000 to #x10FFFF (API_SendMessage, MessageBody).
     */
    static String allowed(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().map(c -> isAllowed(c) ? c : REPLACEMENT).forEach(out::appendCodePoint);
        return out.toString();
    }

    private static boolean isAllowed(int c) {
        boolean isBreak = c == '\t' || c == '\n' || c == '\r';
        return isBreak || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= REPLACEMENT) || c >= 0x10000;
    }

    /** The longest beginning with at most this many bytes in UTF-8, which does not end within a character. */
    static String beginning(String text, int bytes) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        if (all.length <= bytes) {
            return text;
        }
        int end = Math.max(0, bytes);
        while (end > 0 && (all[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(all, 0, end, StandardCharsets.UTF_8);
    }
}
