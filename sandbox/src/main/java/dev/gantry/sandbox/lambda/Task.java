package dev.gantry.sandbox.lambda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A package as its processes find it, in a folder that they only read.
 *
 * @param root what Lambda calls the task root: libraries in {@code lib/}
 * @param java the arguments of Java, up to the runtime interface client's main class
 */
record Task(Path root, List<String> java) {
    Task {
        java = List.copyOf(java);
    }

    /** A zip function: the runtime's own jars on the class path, the package's found by its client. */
    static Task zipped(Path root, String runtime, String main) {
        return new Task(
                root,
                List.of(
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-XX:+TieredCompilation",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-classpath",
                        runtime,
                        main));
    }

    /**
     * The package as an image has it, with a class data archive or an AOT cache of one Java; empty if this folder was not
     * made from this zip.
     *
     * @param folder what {@code train_functions} in {@code scripts/lib/programs.sh} makes
     */
    static Optional<Task> trained(Path folder, Path zip) throws IOException {
        Path from = folder.resolve("package.zip");
        if (!Files.isRegularFile(from) || Files.mismatch(from, zip) >= 0) {
            return Optional.empty();
        }
        return Optional.of(new Task(folder, List.of("@" + folder.resolve("java.args"))));
    }
}
