package dev.gantry.sandbox.ec2;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands of the host, always as lists of arguments: nothing from outside reaches a shell. */
final class Host {
    private static final long MAX_SECONDS = 60;

    private Host() {}

    /** What a command printed, both streams in one, and how it ended. */
    record Result(int code, String output) {}

    static Result run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.get(0) + " did not end within " + MAX_SECONDS + " s");
            }
            return new Result(process.exitValue(), output);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command.get(0), e);
        }
    }

    /** Runs a command that has to succeed. */
    static String must(String... command) throws IOException {
        Result result = run(List.of(command));
        if (result.code() != 0) {
            throw new IOException("`" + String.join(" ", command) + "` failed with exit code " + result.code() + ": "
                    + result.output().strip());
        }
        return result.output();
    }

    /** Runs a command of a clean-up: its target may be gone already. */
    static void quietly(String... command) {
        try {
            run(List.of(command));
        } catch (IOException e) {
            // The clean-up goes on: the next run's look for leftovers meets what is still there.
        }
    }
}
