package dev.gantry.sandbox.sqs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Shows a message as ReceiveMessage does: only what was asked for. */
final class Messages {
    private Messages() {}

    /**
     * @param system names of system attributes, or {@code All}
     * @param own names of message attributes, or {@code All}, {@code .*}, or a prefix as in {@code bar.*}
     */
    static ObjectNode shown(Message message, Set<String> system, Set<String> own) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        shown.put("MessageId", message.id());
        shown.put("ReceiptHandle", message.receiptHandle());
        shown.put("MD5OfBody", message.md5OfBody());
        shown.put("Body", message.body());
        message.systemAttributes().forEach((name, value) -> {
            if (system.contains("All") || system.contains(name)) {
                shown.withObject("/Attributes").put(name, value);
            }
        });
        Map<String, MessageAttribute> chosen = new LinkedHashMap<>(message.attributes());
        chosen.keySet().removeIf(name -> own.stream().noneMatch(wanted -> matches(wanted, name)));
        if (!chosen.isEmpty()) {
            shown.put("MD5OfMessageAttributes", Md5.hex(chosen));
            ObjectNode attributes = shown.putObject("MessageAttributes");
            chosen.forEach((name, attribute) -> attributes
                    .putObject(name)
                    .put("DataType", attribute.dataType())
                    .put(attribute.binary() ? "BinaryValue" : "StringValue", attribute.value()));
        }
        return shown;
    }

    private static boolean matches(String wanted, String name) {
        boolean prefix = wanted.endsWith(".*");
        return wanted.equals("All")
                || wanted.equals(name)
                || (prefix && name.startsWith(wanted.substring(0, wanted.length() - 2)));
    }
}
