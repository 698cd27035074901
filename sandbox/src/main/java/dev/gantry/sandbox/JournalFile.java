package dev.gantry.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.wire.AccessKeys.Identity;
import dev.gantry.sandbox.wire.Journal;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file with one JSON line for each API call, in the order of the answers: {@code time} (ISO-8601), {@code service},
 * {@code operation}, {@code caller} (the principal's ARN, empty where the key is not or no longer known), {@code status}
 * (HTTP; 0 for a cut connection), {@code error} (the AWS error code, empty for success), {@code request} (method, path and
 * query) and {@code names} (of resources, and of condition keys). It has what CloudTrail would record, for counting calls and for
 * judging whether policies allow them.
 *
 * <p>It is a {@link Journal} that, as a {@link Cloud.Part}, learns the owners of the keys. A file that can no longer be written
 * is given up with one message; calls are still answered.
 */
public final class JournalFile implements Journal, Cloud.Part {
    private final Path path;
    private final Writer file;
    private Optional<Cloud> cloud = Optional.empty();
    private boolean over;

    /** @throws IOException where the file cannot be made; one that exists is emptied */
    public JournalFile(Path path) throws IOException {
        this.path = path;
        this.file = Files.newBufferedWriter(path);
    }

    @Override
    public synchronized void build(Cloud built) {
        cloud = Optional.of(built);
        built.onClose().accept(this::close);
    }

    @Override
    public synchronized void record(Entry entry) {
        if (over) {
            return;
        }
        try {
            file.write(line(entry) + "\n");
            // Readers count lines while the sandbox runs.
            file.flush();
        } catch (IOException e) {
            over = true;
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler()
                    .uncaughtException(thread, new IOException("API calls are no longer written to " + path, e));
        }
    }

    private String line(Entry entry) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("time", entry.time().toString());
        line.put("service", entry.service());
        line.put("operation", entry.operation());
        line.put("caller", caller(entry.accessKey()));
        line.put("status", entry.status());
        line.put("error", entry.error());
        line.put("request", entry.request().line());
        ObjectNode names = line.putObject("names");
        entry.request().names().forEach(names::put);
        return line.toString();
    }

    private String caller(String accessKey) {
        return cloud.flatMap(c -> c.keys().find(accessKey)).map(Identity::arn).orElse("");
    }

    private synchronized void close() throws IOException {
        over = true;
        file.close();
    }
}
