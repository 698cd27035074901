package dev.gantry.sandbox.testing;

import dev.gantry.sandbox.ec2.Bytes;
import dev.gantry.sandbox.ec2.Ec2;
import dev.gantry.sandbox.ec2.Machine;
import dev.gantry.sandbox.ec2.MachineFactory;
import dev.gantry.sandbox.ec2.ShellResult;
import dev.gantry.sandbox.ec2.ShellScript;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A double of a machine that needs no root: scripts run by this host's sh, below a folder that stands for the machine's
 * root, and have ended when {@link #run} returns. Knows no timeout and no cancellation.
 */
public final class LocalShell implements Machine {
    private final Path root;
    private final String instanceId;
    private final Watcher watcher;
    private int boots;

    LocalShell(Path root, String instanceId, Watcher watcher) {
        this.root = root;
        this.instanceId = instanceId;
        this.watcher = watcher;
    }

    /** Makes such machines, all below one folder. */
    public static MachineFactory factory(Path root) {
        return new MachineFactory() {
            @Override
            public Machine create(String instanceId, Ec2.LaunchSpec spec, Watcher watcher) {
                return new LocalShell(root, instanceId, watcher);
            }

            @Override
            public Optional<InetAddress> hostAddress() {
                return Optional.empty();
            }

            @Override
            public void close() {
                // JUnit removes the folder.
            }
        };
    }

    public int boots() {
        return boots;
    }

    @Override
    public String instanceId() {
        return instanceId;
    }

    @Override
    public String privateIp() {
        return "127.0.0.1";
    }

    @Override
    public String platformName() {
        return "Local Linux";
    }

    @Override
    public String platformVersion() {
        return "1";
    }

    @Override
    public void start() {
        boots++;
        watcher.up();
    }

    @Override
    public void stop() {
        watcher.down(false);
    }

    @Override
    public void reboot() {
        watcher.down(true);
        start();
    }

    @Override
    public void terminate() {
        // Nothing runs when no script does.
    }

    @Override
    public Running run(ShellScript script, Consumer<ShellResult> done) {
        done.accept(execute(script));
        return () -> {};
    }

    private ShellResult execute(ShellScript script) {
        try {
            Path file = root.resolve(script.file().substring(1));
            Files.createDirectories(file.getParent());
            Files.writeString(file, script.text());
            if (!file.toFile().setExecutable(true)) {
                throw new IOException("cannot make " + file + " executable");
            }
            Path directory = root.resolve(script.workingDirectory().substring(1));
            if (script.fallbackDirectory().isEmpty() && !Files.isDirectory(directory)) {
                return new ShellResult(ShellResult.Ending.NOT_STARTED, 1, "", "no such file or directory");
            }
            Path stdout = Files.createTempFile(root, "out", "");
            Path stderr = Files.createTempFile(root, "err", "");
            ProcessBuilder builder = new ProcessBuilder("sh", "-c", file.toString())
                    .directory((Files.isDirectory(directory) ? directory : root).toFile())
                    .redirectOutput(stdout.toFile())
                    .redirectError(stderr.toFile());
            builder.environment().putAll(script.environment());
            builder.environment().merge("PATH", root.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
            int code = builder.start().waitFor();
            return new ShellResult(ShellResult.Ending.EXITED, code, bytes(stdout), bytes(stderr));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Bytes bytes(Path path) throws IOException {
        return Bytes.of(Files.readAllBytes(path));
    }

    @Override
    public void write(String path, InputStream content) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public String read(String path) throws IOException {
        return Files.readString(root.resolve(path.substring(1)));
    }

    @Override
    public boolean isDirectory(String path) {
        return Files.isDirectory(root.resolve(path.substring(1)));
    }
}
