package dev.gantry.sandbox.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** moto's server from the tests' virtual environment: {@code GANTRY_VENV}, else {@code .gantry/venv} above this folder. */
final class MotoEndpoint {
    private static final Pattern LISTENS = Pattern.compile("Running on (http://127\\.0\\.0\\.1:\\d+)");
    private static final long SECONDS_TO_END = 5;

    private MotoEndpoint() {}

    static Found find() {
        Optional<Path> server = environment()
                .map(folder -> folder.resolve("bin").resolve("moto_server"))
                .filter(Files::isExecutable);
        if (server.isEmpty()) {
            return new Found.Absent(
                    Implementation.MOTO,
                    "no moto_server in .gantry/venv (scripts/test --only setup makes it) nor in GANTRY_VENV");
        }
        try {
            return start(server.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> environment() {
        Optional<Path> named = Optional.ofNullable(System.getenv("GANTRY_VENV")).map(Path::of);
        return named.or(() -> {
            Optional<Path> folder = Optional.of(Path.of("").toAbsolutePath());
            while (folder.isPresent() && !Files.isDirectory(folder.get().resolve(".gantry/venv"))) {
                folder = Optional.ofNullable(folder.get().getParent());
            }
            return folder.map(top -> top.resolve(".gantry/venv"));
        });
    }

    /** With port 0 the system chooses one; the server says which. */
    private static Found start(Path server) throws IOException {
        ProcessBuilder command = new ProcessBuilder(server.toString(), "-H", "127.0.0.1", "-p", "0");
        command.redirectErrorStream(true);
        Process process = command.start();
        Thread atExit = new Thread(process::destroyForcibly, "moto-at-exit");
        Runtime.getRuntime().addShutdownHook(atExit);
        BufferedReader words = process.inputReader(StandardCharsets.UTF_8);
        List<String> said = new ArrayList<>();
        for (String line = words.readLine(); line != null; line = words.readLine()) {
            said.add(line);
            Matcher listens = LISTENS.matcher(line);
            if (listens.find()) {
                drain(words);
                return new Found.Present(
                        Endpoint.emulator(Implementation.MOTO, URI.create(listens.group(1)), () -> end(process)));
            }
        }
        throw new IOException("moto's server ended before it listened: " + String.join("\n", said));
    }

    /** It writes a line for each request, and would stop at a full pipe. */
    private static void drain(BufferedReader words) {
        Thread thread = new Thread(() -> words.lines().forEach(line -> {}), "moto-output");
        thread.setDaemon(true);
        thread.start();
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
