package dev.gantry.system.permissions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Distinct lines that all deployments of this process share, for a comparison with what Terraform renders. They go to a folder
 * of {@code target/}, into a file named by the sha256 of the zip that caused them and by the process, so that the
 * lines of an older zip are not mistaken for the present one's.
 */
final class SharedLines {
    private final Path folder;
    private final Set<String> lines = new ConcurrentSkipListSet<>();

    SharedLines(String folder) {
        this.folder = Path.of("target", folder);
    }

    void add(String... fields) {
        lines.add(String.join("\t", fields));
    }

    /** Writes what there is so far; may be called any number of times. */
    synchronized void write(Path zip) {
        try {
            Files.createDirectories(folder);
            Path file =
                    folder.resolve(sha256(zip) + "-" + ProcessHandle.current().pid() + ".tsv");
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("what the functions did cannot be written to " + folder, e);
        }
    }

    static String sha256(Path zip) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(zip)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
