package dev.gantry.cli.terminal;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shows what is longer than the screen page by page, by {@code GANTRY_PAGER}, else {@code PAGER}, else {@code less -FRX}; an
 * empty variable means none. Only on a terminal: what goes to a file or a pipe goes there whole.
 */
public final class Pager {
    private static final String USUAL = "less -FRX";

    private Pager() {}

    /** Whether it was shown; otherwise it is to be printed. */
    public static boolean shows(List<String> lines, Terminal terminal, Map<String, String> environment) {
        if (!terminal.isTerminal() || lines.size() < terminal.rows()) {
            return false;
        }
        String command = Optional.ofNullable(environment.get("GANTRY_PAGER"))
                .or(() -> Optional.ofNullable(environment.get("PAGER")))
                .orElse(USUAL);
        return !command.isBlank() && !command.equals("cat") && runs(command, lines);
    }

    /** By a shell, as PAGER may have options; it reads the keys from the terminal itself. */
    private static boolean runs(String command, List<String> lines) {
        try {
            Process pager = new ProcessBuilder(
                            "sh", "-c", "command -v " + command.split(" ", -1)[0] + " >/dev/null && exec " + command)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            // Who leaves the pager early breaks its pipe, which is no error.
            try (PrintWriter in = new PrintWriter(pager.getOutputStream(), false, StandardCharsets.UTF_8)) {
                lines.forEach(in::println);
            }
            return pager.waitFor() == 0;
        } catch (IOException isNotThere) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
