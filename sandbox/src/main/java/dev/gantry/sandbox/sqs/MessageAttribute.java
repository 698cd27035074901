package dev.gantry.sandbox.sqs;

/**
 * One attribute that a sender put on a message.
 *
 * @param dataType {@code String}, {@code Number} or {@code Binary}, with an optional label after a dot
 * @param value the text; base64 for Binary
 */
public record MessageAttribute(String dataType, String value) {

    public boolean binary() {
        return dataType.startsWith("Binary");
    }
}
