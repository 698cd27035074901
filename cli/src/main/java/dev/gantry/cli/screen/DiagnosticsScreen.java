package dev.gantry.cli.screen;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.terminal.Sheet;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Terminal;
import dev.gantry.launch.id.InstanceId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An archive of diagnostics: what is in it, and the ends of what is read first. */
public final class DiagnosticsScreen {
    private static final int LINES = 12;
    /** Failed units, then what the agent complains of. */
    private static final List<String> FIRST = List.of("units-failed.txt", "errors.log");

    private DiagnosticsScreen() {}

    /** For people. */
    public static List<String> lines(Path file, Map<String, byte[]> files, Terminal terminal) {
        Sheet sheet = new Sheet(terminal).whole(0, file.toString(), Style.TITLE);
        files.forEach((name, content) -> sheet.cut(2, name + "  " + content.length + " bytes", Style.FAINT));
        lastRun(files).ifPresent(name -> end(sheet, name, files.get(name)));
        FIRST.stream().filter(files::containsKey).forEach(name -> end(sheet, name, files.get(name)));
        return sheet.lines();
    }

    /** Runs are named by their ids, which do not sort by time; records beside them say when, logs are enough here. */
    private static Optional<String> lastRun(Map<String, byte[]> files) {
        return files.keySet().stream()
                .filter(name -> name.startsWith("run-") && name.endsWith(".log"))
                .max(Comparator.comparing(name -> endedAt(files, name)));
    }

    private static String endedAt(Map<String, byte[]> files, String log) {
        byte[] record = files.getOrDefault(log.replace(".log", ".json"), new byte[0]);
        String text = new String(record, StandardCharsets.UTF_8);
        int at = text.lastIndexOf("\"endedAt\"");
        return at < 0 ? "" : text.substring(at, Math.min(text.length(), at + 40));
    }

    private static void end(Sheet sheet, String name, byte[] content) {
        List<String> lines = new String(content, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        sheet.gap().text(0, "The end of " + name + ":", Style.TITLE);
        lines.subList(Math.max(0, lines.size() - LINES), lines.size())
                .forEach(line -> sheet.cut(2, "| " + line, Style.PLAIN));
    }

    /** For programs. */
    public static String form(InstanceId instance, String key, Path file, Map<String, byte[]> files) {
        ObjectNode json = Forms.form("gantry.diagnostics/1")
                .put("instance", instance.value())
                .put("key", key)
                .put("file", file.toString());
        ArrayNode entries = json.putArray("files");
        files.forEach((name, content) -> entries.addObject().put("name", name).put("bytes", content.length));
        return json.toString();
    }
}
