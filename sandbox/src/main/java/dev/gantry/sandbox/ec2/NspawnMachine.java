package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A real machine: systemd as its first process, a disk of its own (an overlay in memory, kept over stop and reboot,
 * gone with the machine), its own network namespace. What the guest does by itself is seen too: nspawn exits with 133
 * when it reboots and with 0 when it powers off.
 */
final class NspawnMachine implements Machine {
    private static final int REBOOT = 133;
    private static final int BOOT_SECONDS = 90;
    private static final int STOP_SECONDS = 20;

    private final Site site;
    private final String instanceId;
    private final Ec2.LaunchSpec spec;
    private final Watcher watcher;
    private final Executor threads;
    private final Runnable forget;
    private final NspawnDisk disk;
    private final NspawnNetwork network;
    private final NspawnShell shell;

    private Optional<Process> nspawn = Optional.empty();
    private boolean prepared;
    private boolean gone;

    /** What the machine has of the host. */
    record Site(RunFolder run, Path image, Subnet subnet, int number, GuestServices services) {}

    NspawnMachine(
            Site site, String instanceId, Ec2.LaunchSpec spec, Watcher watcher, Executor threads, Runnable forget) {
        this.site = site;
        this.instanceId = instanceId;
        this.spec = spec;
        this.watcher = watcher;
        this.threads = threads;
        this.forget = forget;
        this.disk = new NspawnDisk(site.image(), site.run().machine(instanceId));
        this.network = new NspawnNetwork(site, instanceId);
        this.shell = new NspawnShell(threads);
    }

    @Override
    public String instanceId() {
        return instanceId;
    }

    @Override
    public String privateIp() {
        return site.subnet().address(site.number());
    }

    @Override
    public String platformName() {
        return release("NAME");
    }

    @Override
    public String platformVersion() {
        return release("VERSION_ID");
    }

    @Override
    public void start() {
        threads.execute(this::boot);
    }

    @Override
    public void stop() {
        threads.execute(() -> {
            Optional<Process> process = process();
            leader().ifPresent(pid -> Host.quietly("kill", "-s", "RTMIN+4", String.valueOf(pid)));
            process.ifPresent(this::killAfterGrace);
        });
    }

    @Override
    public void reboot() {
        threads.execute(() -> {
            Optional<Process> process = process();
            leader().ifPresent(pid -> Host.quietly("kill", "-s", "RTMIN+5", String.valueOf(pid)));
            process.ifPresent(this::killAfterGrace);
        });
    }

    @Override
    public void terminate() {
        synchronized (this) {
            if (gone) {
                return;
            }
            gone = true;
        }
        threads.execute(this::remove);
    }

    @Override
    public Running run(ShellScript script, Consumer<ShellResult> done) {
        return shell.run(this::leader, script, done);
    }

    @Override
    public void write(String path, InputStream content) throws IOException {
        NspawnShell.write(requireLeader(), path, content);
    }

    @Override
    public String read(String path) throws IOException {
        return NspawnShell.capture(requireLeader(), List.of("cat", path));
    }

    @Override
    public boolean isDirectory(String path) throws IOException {
        return NspawnShell.succeeds(requireLeader(), List.of("test", "-d", path));
    }

    private void boot() {
        try {
            boolean first = prepare();
            Process process = spawn();
            awaitBoot(process);
            if (first && !spec.userData().isBlank()) {
                threads.execute(this::runUserData);
            }
            watcher.up();
        } catch (IOException e) {
            broke(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void broke(IOException why) {
        boolean silent;
        synchronized (this) {
            silent = gone;
        }
        if (!silent) {
            watcher.broken("The instance could not boot: " + why.getMessage());
        }
    }

    /** The disk and the network, once for all boots; says whether this was the first. */
    private boolean prepare() throws IOException {
        synchronized (this) {
            if (gone) {
                throw new IOException("it was terminated before it could boot");
            }
            if (prepared) {
                return false;
            }
            prepared = true;
        }
        disk.make(instanceId, privateIp(), site.services().environment());
        network.make();
        return true;
    }

    private Process spawn() throws IOException {
        List<Path> groups = new ArrayList<>();
        for (Path root : RunFolder.hierarchies()) {
            groups.add(Files.createDirectories(root.resolve(site.run().cgroup(instanceId))));
        }
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "while [ \"$1\" != -- ]; do echo $$ > \"$1/cgroup.procs\"; shift; done; shift; exec \"$@\"",
                "sh"));
        groups.forEach(group -> command.add(group.toString()));
        command.addAll(List.of(
                "--",
                "systemd-nspawn",
                "-q",
                "--register=no",
                "--keep-unit",
                "--boot",
                "-D",
                disk.root().toString(),
                "-M",
                instanceId,
                "--network-namespace-path=/run/netns/" + network.namespace(),
                "--resolv-conf=off",
                "--console=pipe"));
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        synchronized (this) {
            nspawn = Optional.of(process);
            if (gone) {
                process.destroyForcibly();
            }
        }
        threads.execute(() -> awaitEnd(process));
        return process;
    }

    private void awaitBoot(Process process) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOOT_SECONDS);
        while (System.nanoTime() < deadline) {
            Optional<Long> leader = leader();
            if (!process.isAlive()) {
                throw new IOException("systemd-nspawn ended with exit code " + process.exitValue());
            }
            if (leader.isPresent() && isRunning(leader.get())) {
                return;
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
        throw new IOException("systemd was not up within " + BOOT_SECONDS + " s");
    }

    /** Degraded counts as running: a failed unit does not stop an EC2 instance. */
    private static boolean isRunning(long leader) throws IOException {
        String state = NspawnShell.captureAny(leader, List.of("systemctl", "is-system-running"))
                .strip();
        return state.equals("running") || state.equals("degraded");
    }

    /** Runs user data as cloud-init does: once, at first boot, whatever its exit code. */
    private void runUserData() {
        ShellScript script = new ShellScript(
                "user-data",
                "/var/lib/cloud/instance/user-data.txt",
                CloudConfig.script(spec.userData()),
                "/",
                Optional.empty(),
                Map.of(),
                Duration.ofHours(1));
        run(script, result -> {
            if (result.code() != 0) {
                watcher.broken("User data ended with exit code " + result.code() + ": "
                        + result.stderr().text().strip());
            }
        });
    }

    private void awaitEnd(Process process) {
        try {
            process.waitFor();
            ended(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ended(Process process) {
        boolean silent;
        synchronized (this) {
            nspawn = Optional.empty();
            silent = gone;
        }
        shell.lost();
        if (silent) {
            return;
        }
        boolean rebooting = process.exitValue() == REBOOT;
        watcher.down(rebooting);
        if (rebooting) {
            threads.execute(this::boot);
        }
    }

    private void killAfterGrace(Process process) {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                killLeader();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void remove() {
        try {
            killLeader();
            Optional<Process> process = process();
            if (process.isPresent()) {
                process.get().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
            }
            shell.lost();
            network.remove();
            RunFolder.release(site.run().machine(instanceId));
            for (Path root : RunFolder.hierarchies()) {
                new ControlGroup(root.resolve(site.run().cgroup(instanceId))).remove();
            }
        } catch (IOException e) {
            watcher.broken("The instance ended, but left something behind: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            forget.run();
        }
    }

    /** The container's first process, not nspawn: killing nspawn alone leaves the container running. */
    private void killLeader() {
        leader().flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
    }

    private synchronized Optional<Process> process() {
        return nspawn;
    }

    private Optional<Long> leader() {
        return process()
                .filter(Process::isAlive)
                .flatMap(process -> process.children().findFirst())
                .map(ProcessHandle::pid);
    }

    private long requireLeader() throws IOException {
        return leader().orElseThrow(() -> new IOException("instance " + instanceId + " is not running"));
    }

    private String release(String key) {
        try {
            return Files.readAllLines(site.image().resolve("usr/lib/os-release"), StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith(key + "="))
                    .map(line -> line.substring(key.length() + 1).replace("\"", ""))
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
