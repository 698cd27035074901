package dev.gantry.sandbox.ec2;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs commands inside a container, through nsenter. Scripts get a session of their own there, so that ending a script ends
 * everything that it has started.
 */
final class NspawnShell {
    /** Writes its pid, which is its group's too, where the end of the script can find it. */
    private static final String LAUNCHER = "echo $$ > \"$1\"; cd \"$2\" || exit 1; exec sh -c \"$3\"";

    /** Prepares the script's file, and prints the folder to start it in; exits with 3 if there is none. */
    private static final String PREPARE = "chmod 0700 \"$1\" && rm -f \"$1.pid\" || exit 2; dir=$2;"
            + " [ -e \"$dir\" ] || [ -z \"$3\" ] || dir=$3; [ -d \"$dir\" ] || exit 3; printf %s \"$dir\"";

    private static final int NO_FOLDER = 3;

    /** Waits a moment for the pid of a script that is only just starting. */
    private static final String KILLER =
            "for i in 1 2 3 4 5 6 7 8 9 10; do [ -s \"$1\" ] && break; sleep 0.1; done; kill -9 \"-$(cat \"$1\")\"";

    private final Executor threads;
    private final Set<ScriptRun> runs = new HashSet<>();

    NspawnShell(Executor threads) {
        this.threads = threads;
    }

    Machine.Running run(Supplier<Optional<Long>> leader, ShellScript script, Consumer<ShellResult> done) {
        ScriptRun run = new ScriptRun(this, leader, script, done);
        synchronized (runs) {
            runs.add(run);
        }
        threads.execute(run::execute);
        return run::cancel;
    }

    boolean forget(ScriptRun run) {
        synchronized (runs) {
            return runs.remove(run);
        }
    }

    Executor threads() {
        return threads;
    }

    /** The machine went down: whatever ran on it has ended without a result. */
    void lost() {
        List<ScriptRun> ended;
        synchronized (runs) {
            ended = List.copyOf(runs);
        }
        ended.forEach(ScriptRun::lost);
    }

    /** Starts a script; empty where it has no folder to start in. */
    static Optional<Process> start(long leader, ShellScript script) throws IOException {
        String pidFile = script.file() + ".pid";
        write(leader, script.file(), new ByteArrayInputStream(script.text().getBytes(StandardCharsets.UTF_8)));
        List<String> prepare = inside(leader);
        prepare.addAll(List.of("sh", "-c", PREPARE, "sh", script.file(), script.workingDirectory()));
        prepare.add(script.fallbackDirectory().orElse(""));
        Host.Result prepared = Host.run(prepare);
        if (prepared.code() == NO_FOLDER) {
            return Optional.empty();
        } else if (prepared.code() != 0) {
            throw new IOException("cannot make " + script.file() + " executable on the instance: " + prepared.output());
        }
        List<String> command = inside(leader);
        script.environment().forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(List.of("setsid", "-w", "sh", "-c", LAUNCHER, "sh", pidFile, prepared.output(), script.file()));
        return Optional.of(new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start());
    }

    /** Kills the script's session: its group, by the pid that it wrote down. */
    static void kill(long leader, ShellScript script) throws IOException {
        captureAny(leader, List.of("sh", "-c", KILLER, "sh", script.file() + ".pid"));
    }

    static void write(long leader, String path, InputStream content) throws IOException {
        List<String> command = inside(leader);
        command.addAll(List.of("sh", "-c", "mkdir -p \"${1%/*}\" && cat > \"$1\"", "sh", path));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (OutputStream in = process.getOutputStream()) {
            content.transferTo(in);
        }
        if (waitFor(process) != 0) {
            throw new IOException("cannot write " + path + " on the instance");
        }
    }

    static String capture(long leader, List<String> arguments) throws IOException {
        List<String> command = inside(leader);
        command.addAll(arguments);
        return Host.must(command.toArray(String[]::new));
    }

    static String captureAny(long leader, List<String> arguments) throws IOException {
        List<String> command = inside(leader);
        command.addAll(arguments);
        return Host.run(command).output();
    }

    static boolean succeeds(long leader, List<String> arguments) throws IOException {
        List<String> command = inside(leader);
        command.addAll(arguments);
        return Host.run(command).code() == 0;
    }

    static int waitFor(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static List<String> inside(long leader) {
        return new ArrayList<>(List.of(
                "nsenter",
                "-t",
                String.valueOf(leader),
                "-a",
                "env",
                "-i",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME=/root",
                "LANG=C.UTF-8"));
    }
}
