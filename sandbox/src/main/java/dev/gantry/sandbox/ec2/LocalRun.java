package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One script on a local machine, in a session of its own, from its start to the one result that it hands over. */
final class LocalRun {
    private static final int KILLED = 137;

    /** A process group of its own; its number is the pid that is written down. */
    private static final String LAUNCHER = "echo $$ > \"$1.pid\" && exec sh -c \"$1\"";

    /** The group may be only just starting. */
    private static final String KILLER =
            "while [ ! -s \"$1.pid\" ] && kill -0 \"$2\"; do sleep 0.05; done;" + " kill -9 \"-$(cat \"$1.pid\")\"";

    private final ShellScript script;
    private final Path file;
    private final Starter starter;
    private final Executor threads;
    private final Consumer<ShellResult> done;
    private final Consumer<LocalRun> forget;
    private final AtomicBoolean finished = new AtomicBoolean();
    private volatile ShellResult.Ending ending = ShellResult.Ending.EXITED;
    private volatile long pid;

    /** Starts a command on the machine: empty where it has no folder to start in, an IOException where it is gone. */
    interface Starter {
        Optional<Process> start(ShellScript script, List<String> command) throws IOException;
    }

    /**
     * A run that has not begun.
     *
     * @param file where the starter leaves the script
     */
    LocalRun(
            ShellScript script,
            Path file,
            Starter starter,
            Executor threads,
            Consumer<ShellResult> done,
            Consumer<LocalRun> forget) {
        this.script = script;
        this.file = file;
        this.starter = starter;
        this.threads = threads;
        this.done = done;
        this.forget = forget;
    }

    void execute() {
        try {
            Optional<Process> started =
                    starter.start(script, List.of("setsid", "-w", "sh", "-c", LAUNCHER, "sh", file.toString()));
            if (started.isEmpty()) {
                finish(new ShellResult(ShellResult.Ending.NOT_STARTED, 1, "", "no such file or directory"));
                return;
            }
            Process process = started.get();
            CompletableFuture<Bytes> stdout = read(process.getInputStream());
            CompletableFuture<Bytes> stderr = read(process.getErrorStream());
            pid = process.pid();
            if (ending == ShellResult.Ending.CANCELLED || finished.get()) {
                kill();
            }
            await(process, CompletableFuture.allOf(process.onExit(), stdout, stderr));
            int code = ending == ShellResult.Ending.EXITED ? process.exitValue() : KILLED;
            finish(new ShellResult(ending, code, stdout.join(), stderr.join()));
        } catch (IOException e) {
            finish(new ShellResult(
                    ShellResult.Ending.EXITED, 1, "", "The script could not be started: " + e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lost();
        }
    }

    void cancel() {
        ending = ShellResult.Ending.CANCELLED;
        if (pid != 0) {
            kill();
        }
    }

    /** The machine goes down, and ends the script with all else. */
    void lost() {
        finish(new ShellResult(ShellResult.Ending.LOST, -1, "", ""));
    }

    /** A script has ended when nothing holds its streams: a daemon that it leaves behind has to let go of them. */
    private void await(Process process, CompletableFuture<Void> end) throws InterruptedException {
        try {
            end.get(script.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            ending = ShellResult.Ending.TIMED_OUT;
            kill();
            process.waitFor();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the output of a script on an instance could not be read", e);
        }
    }

    private void kill() {
        Host.quietly("sh", "-c", KILLER, "sh", file.toString(), Long.toString(pid));
    }

    private void finish(ShellResult result) {
        forget.accept(this);
        if (finished.compareAndSet(false, true)) {
            done.accept(result);
        }
    }

    /** Keeps the beginning and reads on, so that the script does not stall on a full pipe. */
    private CompletableFuture<Bytes> read(InputStream stream) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (stream) {
                        byte[] kept = stream.readNBytes(ShellResult.MAX_BYTES);
                        stream.transferTo(OutputStream.nullOutputStream());
                        return Bytes.of(kept);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                threads);
    }
}
