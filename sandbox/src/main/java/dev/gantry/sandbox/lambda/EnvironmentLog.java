package dev.gantry.sandbox.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** One log stream: a file, the listener, and the last 4 KB of the current invocation for LogType Tail. */
final class EnvironmentLog implements AutoCloseable {
    private static final int TAIL = 4096;

    private final String function;
    private final LogListener listener;
    private final Writer file;
    private final StringBuilder invocation = new StringBuilder();

    EnvironmentLog(String function, LogListener listener, Path file) throws IOException {
        this.function = function;
        this.listener = listener;
        this.file = Files.newBufferedWriter(file);
    }

    synchronized void begin() {
        invocation.setLength(0);
    }

    /** The last 4 KB, as Lambda cuts them: by bytes. */
    synchronized byte[] tail() {
        byte[] all = invocation.toString().getBytes(UTF_8);
        return Arrays.copyOfRange(all, Math.max(0, all.length - TAIL), all.length);
    }

    synchronized void line(String line) {
        try {
            file.write(line + "\n");
            file.flush();
        } catch (IOException closed) {
            // The environment has ended; its last lines were read.
        }
        invocation.append(line).append('\n');
        if (invocation.length() > 4 * TAIL) {
            invocation.delete(0, invocation.length() - TAIL);
        }
        listener.line(function, line);
    }

    /** Follows a process's output to its end, on a thread of its own. */
    void follow(InputStream output) {
        Thread reader = new Thread(() -> readAll(output), "sandbox-log-" + function);
        reader.setDaemon(true);
        reader.start();
    }

    private void readAll(InputStream output) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(output, UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                line(line);
            }
        } catch (IOException ended) {
            // A killed process closes its output at any point.
        }
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the log of " + function, e);
        }
    }
}
