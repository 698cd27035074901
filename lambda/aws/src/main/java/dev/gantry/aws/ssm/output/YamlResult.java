package dev.gantry.aws.ssm.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.stored.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A task's result as Ansible prints it with {@code callback_result_format = yaml} and as the callback {@code yaml} of
 * community.general does: a mapping, indented below the line that names the host. Reads the texts of its first level (plain,
 * quoted or block scalars) and lists of texts. The rest, and the end of a cut text, is left out. Pure.
 */
final class YamlResult {
    private YamlResult() {}

    /**
     * The fields.
     *
     * @param result from after the arrow to the next line of Ansible's own
     */
    static ObjectNode read(String result) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        String current = "";
        int level = -1;
        // After the arrow, the same line has nothing, or "changed=false".
        for (String line : result.lines().skip(1).toList()) {
            int indent = line.length() - line.stripLeading().length();
            if (line.isBlank()) {
                fields.getOrDefault(current, new ArrayList<>()).add("");
                continue;
            }
            level = level < 0 ? indent : level;
            int colon = line.indexOf(':');
            boolean key = indent == level && colon > 0 && !line.stripLeading().startsWith("- ");
            if (indent < level || level == 0) {
                break;
            } else if (key) {
                current = line.substring(level, colon);
                fields.put(
                        current,
                        new ArrayList<>(List.of(line.substring(colon + 1).strip())));
            } else if (fields.containsKey(current)) {
                fields.get(current).add(line);
            }
        }
        ObjectNode object = Json.object();
        fields.forEach((name, lines) -> put(object, name, text(lines)));
        return object;
    }

    private static void put(ObjectNode object, String name, String text) {
        if (name.equals("rc") && text.matches("-?[0-9]{1,9}")) {
            object.put(name, Integer.parseInt(text));
        } else {
            object.put(name, text);
        }
    }

    private static String text(List<String> lines) {
        String first = lines.get(0);
        List<String> rest =
                lines.subList(1, lines.size()).stream().map(String::strip).toList();
        if (first.matches("[|>][0-9+-]{0,2}")) {
            return String.join("\n", rest).strip();
        } else if (first.isEmpty() && !rest.isEmpty()) {
            return rest.stream()
                    .map(item -> unquoted(item.replaceFirst("^- ", "")))
                    .collect(Collectors.joining(" "));
        }
        return unquoted((first + " " + String.join(" ", rest)).strip());
    }

    private static String unquoted(String text) {
        if (text.length() > 1 && text.startsWith("'") && text.endsWith("'")) {
            return text.substring(1, text.length() - 1).replace("''", "'");
        }
        return text.startsWith("\"")
                ? Json.tree(text).map(node -> node.asText()).orElse(text.substring(1))
                : text;
    }
}
