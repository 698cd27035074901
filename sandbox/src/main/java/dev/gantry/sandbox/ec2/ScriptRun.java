package dev.gantry.sandbox.ec2;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One script on a real machine, from its start to the one result that it hands over. */
final class ScriptRun {
    private static final int KILLED = 137;
    private static final int CRASH_SECONDS = 2;

    private final NspawnShell shell;
    private final Supplier<Optional<Long>> leader;
    private final ShellScript script;
    private final Consumer<ShellResult> done;
    private volatile ShellResult.Ending ending = ShellResult.Ending.EXITED;

    ScriptRun(NspawnShell shell, Supplier<Optional<Long>> leader, ShellScript script, Consumer<ShellResult> done) {
        this.shell = shell;
        this.leader = leader;
        this.script = script;
        this.done = done;
    }

    void execute() {
        try {
            Optional<Long> pid = leader.get();
            if (pid.isEmpty()) {
                lost();
                return;
            }
            Optional<Process> started = NspawnShell.start(pid.get(), script);
            if (started.isEmpty()) {
                finish(new ShellResult(ShellResult.Ending.NOT_STARTED, 1, "", "no such file or directory"));
                return;
            }
            Process process = started.get();
            CompletableFuture<Bytes> stdout = read(process.getInputStream());
            CompletableFuture<Bytes> stderr = read(process.getErrorStream());
            if (ending == ShellResult.Ending.CANCELLED) {
                kill();
            }
            await(process, CompletableFuture.allOf(process.onExit(), stdout, stderr));
            int code = ending == ShellResult.Ending.EXITED ? process.exitValue() : KILLED;
            if (ending == ShellResult.Ending.EXITED && code == KILLED && wentDown(pid.get())) {
                lost();
                return;
            }
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
        kill();
    }

    void lost() {
        finish(new ShellResult(ShellResult.Ending.LOST, -1, "", ""));
    }

    /**
     * A script has ended when nothing holds its streams any more: a daemon that it leaves behind has to let go of them.
     */
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

    /** A machine that crashes kills what runs on it, a moment before it is seen to be gone itself. */
    private static boolean wentDown(long leader) throws InterruptedException {
        Optional<ProcessHandle> first = ProcessHandle.of(leader);
        try {
            if (first.isPresent()) {
                first.get().onExit().get(CRASH_SECONDS, TimeUnit.SECONDS);
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a machine could not be waited for", e);
        }
    }

    private void kill() {
        leader.get().ifPresent(pid -> {
            try {
                NspawnShell.kill(pid, script);
            } catch (IOException e) {
                // The machine is going down, which ends the script as well.
                lost();
            }
        });
    }

    private void finish(ShellResult result) {
        if (shell.forget(this)) {
            done.accept(result);
        }
    }

    /** Keeps the beginning and reads on, so that the script does not stall on a full pipe. */
    private CompletableFuture<Bytes> read(InputStream stream) {
        return CompletableFuture.supplyAsync(
                () -> {
                    ByteArrayOutputStream kept = new ByteArrayOutputStream();
                    byte[] buffer = new byte[8192];
                    try (stream) {
                        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                            kept.write(buffer, 0, Math.min(count, ShellResult.MAX_BYTES - kept.size()));
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return Bytes.of(kept.toByteArray());
                },
                shell.threads());
    }
}
