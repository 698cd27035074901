package dev.gantry.system.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The most memory that this process and its functions' processes ever held: the kernel's VmHWM (proc(5)), in megabytes. */
final class Memory {
    private static final Path PROC = Path.of("/proc");
    private static final int KILOBYTES = 1024;

    private Memory() {}

    /** By function, numbered where there are several; this process is the sandbox. */
    static Map<String, Integer> peaks() {
        Map<String, Integer> peaks = new TreeMap<>();
        peak(ProcessHandle.current().pid()).ifPresent(peak -> peaks.put("sandbox", peak));
        List<ProcessHandle> functions =
                ProcessHandle.current().children().sorted().toList();
        for (ProcessHandle process : functions) {
            Optional<String> name = function(process.pid());
            Optional<Integer> peak = peak(process.pid());
            if (name.isPresent() && peak.isPresent()) {
                peaks.put(numbered(name.get(), peaks), peak.get());
            }
        }
        return peaks;
    }

    private static String numbered(String name, Map<String, Integer> known) {
        int number = 1;
        while (known.containsKey(name + " " + number)) {
            number++;
        }
        return name + " " + number;
    }

    /** The function that a process of the sandbox runs; the last word of its command line names the handler. */
    private static Optional<String> function(long pid) {
        String[] words = read(pid, "cmdline").orElse("").split("\0", -1);
        String handler = words.length < 2 ? "" : words[words.length - 2];
        return handler.endsWith("::handleRequest")
                ? Optional.of(handler.substring(handler.lastIndexOf('.') + 1, handler.indexOf("::")))
                : Optional.empty();
    }

    private static Optional<Integer> peak(long pid) {
        return read(pid, "status").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> Integer.parseInt(line.replaceAll("\\D", "")) / KILOBYTES)
                .findFirst();
    }

    private static Optional<String> read(long pid, String file) {
        try {
            return Optional.of(Files.readString(PROC.resolve(Long.toString(pid)).resolve(file)));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }
}
