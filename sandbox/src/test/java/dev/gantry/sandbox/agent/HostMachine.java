package dev.gantry.sandbox.agent;

import dev.gantry.sandbox.ec2.Bytes;
import dev.gantry.sandbox.ec2.Machine;
import dev.gantry.sandbox.ec2.ShellResult;
import dev.gantry.sandbox.ec2.ShellScript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * This host as a machine: scripts run on it, with their time limit and their cancellation; only what the agent itself writes is in
 * a scratch folder.
 */
final class HostMachine implements Machine {
    private static final String AGENT_FOLDER = "/var/lib/amazon/";
    private static final int KILLED = 137;

    private final Path scratch;
    private final Path supervisor;
    private final Executor threads;
    private final CompletableFuture<Void> started = new CompletableFuture<>();

    HostMachine(Path scratch, Path supervisor, Executor threads) {
        this.scratch = scratch;
        this.supervisor = supervisor;
        this.threads = threads;
    }

    /** Done when the first script has started. */
    CompletableFuture<Void> started() {
        return started;
    }

    @Override
    public Running run(ShellScript script, Consumer<ShellResult> done) {
        Execution execution = new Execution(script);
        threads.execute(() -> done.accept(execution.result()));
        return () -> execution.interrupt(ShellResult.Ending.CANCELLED);
    }

    @Override
    public void write(String path, InputStream content) throws IOException {
        Files.createDirectories(at(path).getParent());
        Files.copy(content, at(path), StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public String read(String path) throws IOException {
        return Files.readString(at(path));
    }

    @Override
    public boolean isDirectory(String path) {
        return Files.isDirectory(at(path));
    }

    Path at(String path) {
        return path.startsWith(AGENT_FOLDER) ? scratch.resolve(path.substring(1)) : Path.of(path);
    }

    @Override
    public String instanceId() {
        return "i-0123456789abcdef0";
    }

    @Override
    public String privateIp() {
        return "127.0.0.1";
    }

    @Override
    public String platformName() {
        return "Debian GNU/Linux";
    }

    @Override
    public String platformVersion() {
        return "12";
    }

    @Override
    public void start() {
        throw new UnsupportedOperationException("the host runs already");
    }

    @Override
    public void stop() {
        throw new UnsupportedOperationException("the host is not stopped");
    }

    @Override
    public void reboot() {
        throw new UnsupportedOperationException("the host is not rebooted");
    }

    @Override
    public void terminate() {
        throw new UnsupportedOperationException("the host is not terminated");
    }

    /** One script. */
    private final class Execution {
        private final ShellScript script;
        private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        private final CompletableFuture<ShellResult> interrupted = new CompletableFuture<>();

        Execution(ShellScript script) {
            this.script = script;
        }

        ShellResult result() {
            try {
                Process process = start();
                CompletableFuture<Void> ended = CompletableFuture.allOf(
                        process.onExit(),
                        read(process.getInputStream(), stdout),
                        read(process.getErrorStream(), stderr));
                awaitStart(process);
                CompletableFuture.anyOf(ended, interrupted).get(script.timeout().toMillis(), TimeUnit.MILLISECONDS);
                return interrupted.isDone() ? interrupted.join() : ended();
            } catch (TimeoutException e) {
                interrupt(ShellResult.Ending.TIMED_OUT);
                return interrupted.join();
            } catch (IOException | ExecutionException e) {
                throw new IllegalStateException("cannot run " + script.file(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        private Process start() throws IOException {
            Path file = at(script.file());
            Files.createDirectories(file.getParent());
            Files.writeString(file, script.text());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            Files.deleteIfExists(pidFile());
            ProcessBuilder builder = new ProcessBuilder(
                    "python3",
                    "-IS",
                    supervisor.toString(),
                    directory(),
                    file.toString(),
                    pidFile().toString(),
                    file + ".end");
            builder.redirectInput(Path.of("/dev/null").toFile());
            builder.environment().clear();
            builder.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
            script.environment().forEach((name, value) -> {
                String[] parts = (name + "=" + value).split("=", 2);
                builder.environment().put(parts[0], parts[1]);
            });
            return builder.start();
        }

        /** A busy host starts a script late; its time begins with it. */
        private void awaitStart(Process process) throws InterruptedException {
            while (process.isAlive() && !Files.exists(pidFile())) {
                process.waitFor(10, TimeUnit.MILLISECONDS);
            }
            started.complete(null);
        }

        private String directory() {
            Path wanted = at(script.workingDirectory());
            return Files.exists(wanted)
                    ? wanted.toString()
                    : script.fallbackDirectory().orElse(wanted.toString());
        }

        private ShellResult ended() throws IOException {
            String[] end = Files.readString(Path.of(at(script.file()) + ".end")).split(" ", 2);
            return switch (end[0]) {
                case "unstarted" -> new ShellResult(ShellResult.Ending.NOT_STARTED, 1, "", end[1]);
                case "signalled" -> result(ShellResult.Ending.SIGNALLED, Integer.parseInt(end[1]));
                default -> result(ShellResult.Ending.EXITED, Integer.parseInt(end[1]));
            };
        }

        private ShellResult result(ShellResult.Ending ending, int code) {
            return new ShellResult(ending, code, Bytes.of(stdout.toByteArray()), Bytes.of(stderr.toByteArray()));
        }

        /** Output after the kill does not count. */
        void interrupt(ShellResult.Ending why) {
            ShellResult result = result(why, KILLED);
            kill();
            interrupted.complete(result);
        }

        private void kill() {
            try {
                String pid = Files.readString(pidFile());
                new ProcessBuilder(List.of("kill", "-KILL", "--", "-" + pid))
                        .start()
                        .waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private Path pidFile() {
            return Path.of(at(script.file()) + ".pid");
        }

        private CompletableFuture<Void> read(InputStream stream, ByteArrayOutputStream kept) {
            return CompletableFuture.runAsync(
                    () -> {
                        try (stream) {
                            stream.transferTo(kept);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    threads);
        }
    }
}
