package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The processes of local machines. They are known by their environment, which each process hands on to what it starts,
 * daemons in sessions of their own included; so they are found after the sandbox was killed too.
 */
final class LocalProcesses {
    /** The environment variable that names the machine's folder. */
    static final String MARK = "GANTRY_INSTANCE";

    private static final Path PROC = Path.of("/proc");

    private LocalProcesses() {}

    /** Ends every process of the machine with this folder, and returns when none is left. */
    static void end(String folder) throws IOException {
        end(value -> value.equals(folder));
    }

    /** Ends every process of all machines whose folders lie below this one. */
    static void endBelow(Path folder) throws IOException {
        String prefix = folder + "/";
        end(value -> value.startsWith(prefix));
    }

    private static void end(Predicate<String> folders) throws IOException {
        Killing.all("an instance", () -> find(folders));
    }

    private static List<Long> find(Predicate<String> folders) throws IOException {
        try (Stream<Path> all = Files.list(PROC)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("[0-9]+"))
                    .filter(name -> isMarked(name, folders))
                    .map(Long::valueOf)
                    .toList();
        }
    }

    /** Another user's environment cannot be read; a process that has just ended has none. */
    private static boolean isMarked(String pid, Predicate<String> folders) {
        try {
            String environment = Files.readString(PROC.resolve(pid).resolve("environ"), StandardCharsets.ISO_8859_1);
            return Stream.of(environment.split("\0", -1))
                    .filter(entry -> entry.startsWith(MARK + "="))
                    .anyMatch(entry -> folders.test(entry.substring(MARK.length() + 1)));
        } catch (IOException othersOrGone) {
            return false;
        }
    }
}
