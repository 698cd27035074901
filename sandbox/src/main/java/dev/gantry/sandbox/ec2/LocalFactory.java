package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Makes local machines: each is a folder and the processes that were started in it, as the user who runs the sandbox.
 * They need neither root nor a namespace. Each has a loopback port for its service, on an address of its own in
 * 127.0.0.0/8, so that instances and sandboxes do not collide. Closing ends every process and deletes every
 * folder; what SIGKILL leaves, the next sandbox's start removes.
 */
public final class LocalFactory implements MachineFactory {
    private static final String SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

    private final Path folder;
    private final Path tools;
    private final String path;
    private final ExecutorService threads = threads();
    private final Map<String, LocalMachine> machines = new ConcurrentHashMap<>();
    private final AtomicInteger made = new AtomicInteger();

    /**
     * Makes the folder.
     *
     * @param folder for the instances' folders; nothing else is written
     * @param tools the folder with {@code ansible-playbook} and {@code python3}, first on the instances' PATH
     * @throws IOException where Ansible is not there, or the folder cannot be made
     */
    public LocalFactory(Path folder, Path tools) throws IOException {
        if (!Files.isExecutable(tools.resolve("ansible-playbook"))) {
            throw new IOException("Local instances need ansible-playbook in " + tools + ", which is not there.");
        }
        this.folder = Files.createDirectories(folder).toRealPath();
        this.tools = tools.toAbsolutePath();
        this.path = hasUnzip() ? SYSTEM_PATH : standInForUnzip() + ":" + SYSTEM_PATH;
    }

    /** After its shutdown, tasks are dropped: Auto Scaling would replace the instances that end with the sandbox. */
    private static ExecutorService threads() {
        ThreadPoolExecutor threads = (ThreadPoolExecutor) Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "gantry-local-instance");
            thread.setDaemon(true);
            return thread;
        });
        threads.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return threads;
    }

    private static boolean hasUnzip() {
        return Stream.of(SYSTEM_PATH.split(":", -1))
                .anyMatch(place -> Files.isExecutable(Path.of(place).resolve("unzip")));
    }

    /** The AWS document calls unzip; if that is not installed, Python's zipfile does the same. */
    private Path standInForUnzip() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path unzip = bin.resolve("unzip");
        try (InputStream program = LocalFactory.class.getResourceAsStream("/local/unzip.py")) {
            Files.copy(program, unzip);
        }
        Files.setPosixFilePermissions(unzip, PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin;
    }

    @Override
    public Machine create(String instanceId, Ec2.LaunchSpec spec, Machine.Watcher watcher) {
        String address = address(made.getAndIncrement());
        Path home = folder.resolve(instanceId);
        Map<String, String> environment = Map.ofEntries(
                Map.entry("PATH", tools + ":" + path),
                Map.entry("HOME", home.toString()),
                Map.entry("TMPDIR", home.resolve("tmp").toString()),
                Map.entry("LANG", "C.UTF-8"),
                Map.entry("PYTHONDONTWRITEBYTECODE", "1"),
                // Ansible takes the user's home from the system's list of users instead.
                Map.entry("ANSIBLE_HOME", home.resolve(".ansible").toString()),
                Map.entry("ANSIBLE_REMOTE_TMP", home.resolve(".ansible/tmp").toString()),
                Map.entry(LocalProcesses.MARK, home.toString()),
                Map.entry("GANTRY_INSTANCE_ID", instanceId),
                Map.entry("GANTRY_ADDRESS", address),
                Map.entry("GANTRY_PORT", Integer.toString(freePort(address))));
        LocalMachine machine = new LocalMachine(
                new LocalMachine.Site(instanceId, home, address, environment),
                spec.userData(),
                watcher,
                threads,
                () -> machines.remove(instanceId));
        machines.put(instanceId, machine);
        return machine;
    }

    /** An address for this process and this instance; it is unique while pids differ in their last 16 bits. */
    private static String address(int number) {
        long pid = ProcessHandle.current().pid();
        return "127." + (number % 250 + 1) + "." + (pid >> 8 & 0xff) + "." + (pid & 0xff);
    }

    /** A free port, chosen by the kernel: nothing on this machine listens on it, at any address. */
    private static int freePort(String address) {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("no port of " + address + " is free: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<InetAddress> hostAddress() {
        return Optional.empty();
    }

    /** Ends every machine, and returns when nothing of them is left. */
    @Override
    public void close() {
        List.copyOf(machines.values()).forEach(LocalMachine::terminateNow);
        threads.shutdown();
    }
}
