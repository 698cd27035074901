package dev.gantry.system.permissions;

import dev.gantry.sandbox.JournalFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where the API calls of deployments are kept for the judge of tests/iam (scripts/lib/terraform/recorded_calls.py): each has a
 * journal, a file of {@code target/function-calls} that is named by the sha256 of its zip.
 */
public final class KeptCalls {
    private static final AtomicInteger JOURNALS = new AtomicInteger();

    private KeptCalls() {}

    /**
     * A journal for one deployment of this zip.
     *
     * @throws IOException where the file cannot be made
     */
    public static JournalFile of(Path zip) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "function-calls"));
        long process = ProcessHandle.current().pid();
        String name = SharedLines.sha256(zip) + "-" + process + "-" + JOURNALS.incrementAndGet() + ".jsonl";
        return new JournalFile(folder.resolve(name));
    }
}
