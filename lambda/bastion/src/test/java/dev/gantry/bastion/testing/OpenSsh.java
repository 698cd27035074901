package dev.gantry.bastion.testing;

import dev.gantry.bastion.hosts.HostKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A real OpenSSH sshd on loopback, as a child process; no system service is started or changed. It lets in the user that runs
 * the tests, because an sshd that is not root can let in no other user.
 */
public final class OpenSsh implements AutoCloseable {
    public static final String USER = System.getProperty("user.name");
    private static final Path SSHD = Path.of("/usr/sbin/sshd");
    private static final long PATIENCE_SECONDS = 300;

    private final Path folder;
    private final String address;
    private final int port;
    private final Process process;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final CountDownLatch listening = new CountDownLatch(1);

    private OpenSsh(Path folder, String address, int port) throws IOException, InterruptedException {
        this.folder = folder;
        this.address = address;
        this.port = port;
        process = new ProcessBuilder(
                        SSHD.toString(),
                        "-D",
                        "-e",
                        "-f",
                        folder.resolve("sshd_config").toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        Thread reader = new Thread(this::readLog, "sshd-log");
        reader.setDaemon(true);
        reader.start();
        if (!listening.await(PATIENCE_SECONDS, TimeUnit.SECONDS) || !process.isAlive()) {
            close();
            throw new IOException("sshd does not listen: " + log);
        }
    }

    /** Why sshd cannot run here; empty if it can. */
    public static Optional<String> obstacle() {
        if (!Files.isExecutable(SSHD)) {
            return Optional.of("openssh-server is not installed (scripts/test installs it, as root)");
        } else if (isRoot() && isLocked()) {
            return Optional.of("root's account is locked, and sshd lets in no user whose account is locked");
        }
        return Optional.empty();
    }

    /** An exclamation mark before the password in shadow(5) locks an account; sshd looks for it if PAM does not. */
    private static boolean isLocked() {
        try (var lines = Files.lines(Path.of("/etc/shadow"))) {
            return lines.anyMatch(line -> line.startsWith(USER + ":!"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRoot() {
        return USER.equals("root");
    }

    /** The kinds of its host keys, in {@code ssh-keygen}'s words. */
    public static OpenSsh start(Path folder, String address, List<String> hostKeys, List<String> keys, String more) {
        try {
            Files.createDirectories(folder);
            if (isRoot()) {
                // As Debian's service makes it at each start.
                Files.createDirectories(Path.of("/run/sshd"));
            }
            int port = freePort(address);
            List<String> config = new ArrayList<>(List.of(
                    "ListenAddress " + address,
                    "Port " + port,
                    "AuthorizedKeysFile " + folder.resolve("authorized_keys"),
                    "StrictModes no",
                    "PidFile none",
                    "LogLevel VERBOSE",
                    "Subsystem sftp internal-sftp",
                    "PasswordAuthentication no",
                    "KbdInteractiveAuthentication no",
                    "PermitRootLogin prohibit-password",
                    // Otherwise bash acts as a login's first shell, and runs the .bashrc of the tests' user.
                    "SetEnv SHLVL=1"));
            for (String type : hostKeys) {
                config.add("HostKey " + makeKey(folder, type));
            }
            Files.write(folder.resolve("authorized_keys"), keys);
            Files.writeString(folder.resolve("sshd_config"), String.join("\n", config) + "\n" + more);
            return new OpenSsh(folder, address, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path makeKey(Path folder, String type) throws IOException, InterruptedException {
        Path key = folder.resolve("ssh_host_" + type + "_key");
        Files.deleteIfExists(key);
        Programs.run("ssh-keygen", "-q", "-t", type, "-N", "", "-C", "root@host", "-f", key.toString());
        return key;
    }

    private static int freePort(String address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            return socket.getLocalPort();
        }
    }

    private void readLog() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(line);
                if (line.contains("Server listening on")) {
                    listening.countDown();
                }
            }
        } catch (IOException e) {
            log.add("(closed: " + e.getMessage() + ")");
        } finally {
            listening.countDown();
        }
    }

    public String address() {
        return address;
    }

    public int port() {
        return port;
    }

    /** The lines of {@code ssh_host_*_key.pub}, as a machine writes them to S3 at boot. */
    public List<String> hostKeys() {
        try (var files = Files.newDirectoryStream(folder, "ssh_host_*_key.pub")) {
            List<String> lines = new ArrayList<>();
            for (Path file : files) {
                lines.add(Files.readString(file).strip());
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public HostKey hostKey(String type) {
        return hostKeys().stream()
                .map(HostKey::of)
                .filter(key -> key.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    /** From the next login on. */
    public void trust(List<String> authorizedKeys) {
        try {
            Files.write(folder.resolve("authorized_keys"), authorizedKeys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has logged. */
    public List<String> log() {
        return log;
    }

    /** Ends its sessions at once and leaves the listener, as a network does that cuts connections. */
    public void cutSessions() {
        process.descendants().filter(child -> isSession(child)).forEach(ProcessHandle::destroyForcibly);
    }

    public boolean hasSessions() {
        return process.children().findAny().isPresent();
    }

    private static boolean isSession(ProcessHandle child) {
        return child.info()
                .command()
                .filter(command -> command.contains("sshd"))
                .isPresent();
    }

    @Override
    public void close() {
        cutSessions();
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
