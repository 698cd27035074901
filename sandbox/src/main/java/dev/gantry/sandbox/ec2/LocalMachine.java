package dev.gantry.sandbox.ec2;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A machine that is a folder and its processes. Scripts really run, as this user; absolute paths of the agent lie below
 * the folder. A stop ends the processes and keeps the folder; the end of the machine deletes it.
 */
final class LocalMachine implements Machine {
    /** The hardened document's program, which needs root and systemd. */
    private static final String HARDENED = "gantry_apply";

    private static final String NO_ROOM_FOR_HARDENED =
            "This instance is local: it has neither root nor systemd of its own, which the hardened document needs."
                    + " Only AWS-ApplyAnsiblePlaybooks can be applied here.";

    private final Site site;
    private final String userData;
    private final Watcher watcher;
    private final Executor threads;
    private final Runnable forget;
    private final Set<LocalRun> runs = ConcurrentHashMap.newKeySet();
    private boolean booted;
    private boolean gone;

    /**
     * What the machine uses of this host.
     *
     * @param home its folder
     * @param environment what its processes find
     */
    record Site(String instanceId, Path home, String address, Map<String, String> environment) {}

    LocalMachine(Site site, String userData, Watcher watcher, Executor threads, Runnable forget) {
        this.site = site;
        this.userData = userData;
        this.watcher = watcher;
        this.threads = threads;
        this.forget = forget;
    }

    @Override
    public String instanceId() {
        return site.instanceId();
    }

    @Override
    public String privateIp() {
        return site.address();
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
        threads.execute(() -> {
            try {
                boot();
            } catch (IOException e) {
                watcher.broken("The instance could not boot: " + e.getMessage());
            }
        });
    }

    /** User data runs first, so that what it starts is there when the agent registers. */
    private void boot() throws IOException {
        boolean first;
        synchronized (this) {
            if (gone) {
                return;
            }
            first = !booted;
            booted = true;
            Files.createDirectories(site.home().resolve("tmp"));
        }
        // cloud-config is about a machine of its own: packages, units, files in /etc.
        if (first && !userData.isBlank() && !CloudConfig.isOne(userData)) {
            run(userDataScript(), result -> {
                if (result.code() != 0) {
                    watcher.broken("User data ended with exit code " + result.code() + ".");
                }
                watcher.up();
            });
        } else {
            watcher.up();
        }
    }

    private ShellScript userDataScript() {
        return new ShellScript(
                "user-data",
                "/var/lib/cloud/instance/user-data.txt",
                userData,
                "/",
                Optional.empty(),
                Map.of(),
                Duration.ofHours(1));
    }

    @Override
    public void stop() {
        threads.execute(() -> down(false));
    }

    @Override
    public void reboot() {
        threads.execute(() -> {
            down(true);
            start();
        });
    }

    private void down(boolean rebooting) {
        endProcesses();
        boolean silent;
        synchronized (this) {
            silent = gone;
        }
        if (!silent) {
            watcher.down(rebooting);
        }
    }

    @Override
    public void terminate() {
        threads.execute(this::terminateNow);
    }

    /** Returns when nothing is left of it. */
    void terminateNow() {
        synchronized (this) {
            gone = true;
        }
        try {
            endProcesses();
            Host.must("rm", "-rf", "--", site.home().toString());
        } catch (IOException e) {
            watcher.broken("The instance ended, but left something behind: " + e.getMessage());
        } finally {
            forget.run();
        }
    }

    private void endProcesses() {
        runs.forEach(LocalRun::lost);
        try {
            LocalProcesses.end(site.home().toString());
        } catch (IOException e) {
            watcher.broken("Some of its processes could not be ended: " + e.getMessage());
        }
    }

    @Override
    public Running run(ShellScript script, Consumer<ShellResult> done) {
        if (script.text().contains(HARDENED)) {
            done.accept(new ShellResult(ShellResult.Ending.EXITED, 1, "", NO_ROOM_FOR_HARDENED + "\n"));
            return () -> {};
        }
        LocalRun run = new LocalRun(script, below(script.file()), this::begin, threads, done, runs::remove);
        runs.add(run);
        threads.execute(run::execute);
        return run::cancel;
    }

    /** Refused while the machine is ending: its folder must not be made again, and its processes were already ended. */
    private synchronized Optional<Process> begin(ShellScript script, List<String> command) throws IOException {
        if (gone) {
            throw new FileNotFoundException("instance " + instanceId() + " is gone");
        }
        Path file = below(script.file());
        Files.createDirectories(file.getParent());
        Files.writeString(file, script.text());
        // The pid of an earlier run would make a kill hit another process.
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".pid"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        Path folder = below(script.workingDirectory());
        if (!Files.isDirectory(folder) && script.fallbackDirectory().isEmpty()) {
            return Optional.empty();
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory((Files.isDirectory(folder) ? folder : site.home()).toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().clear();
        builder.environment().putAll(script.environment());
        builder.environment().putAll(site.environment());
        return Optional.of(builder.start());
    }

    @Override
    public synchronized void write(String path, InputStream content) throws IOException {
        if (gone) {
            throw new FileNotFoundException("instance " + instanceId() + " is gone");
        }
        Path file = below(path);
        Files.createDirectories(file.getParent());
        Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public String read(String path) throws IOException {
        return Files.readString(below(path));
    }

    @Override
    public boolean isDirectory(String path) {
        return Files.isDirectory(below(path));
    }

    private Path below(String path) {
        Path file = site.home().resolve(path.replaceFirst("^/+", "")).normalize();
        if (!file.startsWith(site.home())) {
            throw new IllegalArgumentException("the path leaves the instance's folder: " + path);
        }
        return file;
    }

    private static String release(String key) {
        try {
            List<String> lines = Files.readAllLines(Path.of("/etc/os-release"), StandardCharsets.UTF_8);
            return lines.stream()
                    .filter(line -> line.startsWith(key + "="))
                    .map(line -> line.substring(key.length() + 1).replace("\"", ""))
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
