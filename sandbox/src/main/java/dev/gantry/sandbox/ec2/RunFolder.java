package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one run of the sandbox owns on the host, by name: a folder {@code /run/gantry-sandbox/PID-STARTTIME}, and
 * network namespaces, links and cgroups that carry the pid; a letter after the pid distinguishes several runs of one process. A run
 * that was killed leaves its folder; the next sandbox, whatever its kind of instances, finds it, sees that its process is
 * dead (by pid and start time, because pids are reused), and removes everything with its name. Nothing else is touched.
 *
 * @param pid the owner's
 * @param letter empty for the first of a process
 * @param started the owner's start time in clock ticks since boot, from {@code /proc/PID/stat}
 */
record RunFolder(long pid, String letter, String started) {
    private static final Pattern NAME = Pattern.compile("([0-9]+)([a-z]?)-([0-9]+)");
    private static final Deque<String> LETTERS = new ArrayDeque<>(List.of("", "a", "b", "c", "d", "e", "f", "g", "h"));
    private static final Path ROOT = Path.of("/run/gantry-sandbox");
    private static final Path LOCK = ROOT.resolve(".clearing");
    private static final int START_TIME_FIELD = 19;

    static RunFolder mine() throws IOException {
        long pid = ProcessHandle.current().pid();
        String started = startTime(pid).orElseThrow(() -> new IOException("/proc/" + pid + "/stat cannot be read"));
        RunFolder folder = new RunFolder(pid, freeLetter(), started);
        Files.createDirectories(folder.path());
        return folder;
    }

    private static String freeLetter() throws IOException {
        synchronized (LETTERS) {
            if (LETTERS.isEmpty()) {
                throw new IOException("this process has as many networks of real instances as it may have");
            }
            return LETTERS.pop();
        }
    }

    /** Releases the names, after everything with them is gone. */
    void giveBack() {
        synchronized (LETTERS) {
            LETTERS.push(letter);
        }
    }

    /**
     * Removes what killed runs have left; only one process at a time does that.
     *
     * @return the folders of these runs
     */
    static synchronized List<Path> clearLeftovers() throws IOException {
        if (!Files.isWritable(ROOT) || leftovers().isEmpty()) {
            return List.of();
        }
        try (FileChannel file = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            List<RunFolder> leftovers = lock.isValid() ? leftovers() : List.of();
            for (RunFolder leftover : leftovers) {
                leftover.clear();
            }
            return leftovers.stream().map(RunFolder::path).toList();
        }
    }

    private static List<RunFolder> leftovers() throws IOException {
        return children(ROOT).stream()
                .map(path -> NAME.matcher(path.getFileName().toString()))
                .filter(Matcher::matches)
                .map(name -> new RunFolder(Long.parseLong(name.group(1)), name.group(2), name.group(3)))
                .filter(folder -> !folder.alive())
                .toList();
    }

    /** The pid with the letter behind it. */
    private String owner() {
        return pid + letter;
    }

    Path path() {
        return ROOT.resolve(owner() + "-" + started);
    }

    /** At most 15 characters, as the kernel asks of links: pids have seven digits at most. */
    String bridge() {
        return "gty" + owner();
    }

    String link(int number) {
        return bridge() + "-" + Integer.toString(number, Character.MAX_RADIX);
    }

    String namespace(String instanceId) {
        return "gantry-" + owner() + "-" + instanceId;
    }

    Path machine(String instanceId) {
        return path().resolve(instanceId);
    }

    String cgroup(String instanceId) {
        return "gantry-" + owner() + "/" + instanceId;
    }

    /**
     * The hierarchies in which an instance gets a group of its own: systemd's with cgroup v1, the unified one with v2.
     */
    static List<Path> hierarchies() {
        return Stream.of("/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup")
                .map(Path::of)
                .filter(root -> Files.exists(root.resolve("cgroup.procs")))
                .toList();
    }

    /** Ends and removes everything of this run, in the order of the dependencies. */
    void clear() throws IOException {
        for (Path root : hierarchies()) {
            group(root).end();
        }
        for (String namespace : namespaces()) {
            Host.run(List.of("ip", "netns", "pids", namespace))
                    .output()
                    .lines()
                    .filter(line -> line.strip().matches("[0-9]+"))
                    .forEach(line ->
                            ProcessHandle.of(Long.parseLong(line.strip())).ifPresent(ProcessHandle::destroyForcibly));
        }
        for (String link : links()) {
            Host.quietly("ip", "link", "del", link);
        }
        for (String namespace : namespaces()) {
            Host.quietly("ip", "netns", "del", namespace);
        }
        for (Path machine : children(path())) {
            release(machine);
        }
        for (Path root : hierarchies()) {
            group(root).remove();
        }
        Files.deleteIfExists(path());
    }

    private ControlGroup group(Path root) {
        return new ControlGroup(root.resolve("gantry-" + owner()));
    }

    /** Unmounts a machine's disk and removes its folders; never deletes through a mount. */
    static void release(Path machine) throws IOException {
        Host.quietly("umount", "-l", machine.resolve("root").toString());
        Host.quietly("umount", "-l", machine.resolve("disk").toString());
        for (Path folder : children(machine)) {
            Files.deleteIfExists(folder);
        }
        Files.deleteIfExists(machine);
    }

    private List<String> namespaces() throws IOException {
        String prefix = "gantry-" + owner() + "-";
        return Host.run(List.of("ip", "netns", "list"))
                .output()
                .lines()
                .map(line -> line.replaceFirst(" .*", ""))
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    private List<String> links() throws IOException {
        return children(Path.of("/sys/class/net")).stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> name.equals(bridge()) || name.startsWith(bridge() + "-"))
                .toList();
    }

    private boolean alive() {
        return startTime(pid).filter(started::equals).isPresent();
    }

    /** Empty for a process that is gone, or that was killed and whose parent has not asked for its exit code yet. */
    private static Optional<String> startTime(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            boolean ended = afterName[0].equals("Z") || afterName[0].equals("X");
            return ended ? Optional.empty() : Optional.of(afterName[START_TIME_FIELD]);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }
}
