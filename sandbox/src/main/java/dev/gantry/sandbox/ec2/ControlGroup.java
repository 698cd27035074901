package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.util.ArrayList;
import java.util.List;

/**
 * A cgroup of the host with the groups below it. While a container runs, its systemd makes and removes groups all the time:
 * a group that disappears between two looks is no error, it has no process.
 *
 * @param folder the group in its hierarchy, such as {@code /sys/fs/cgroup/systemd/gantry-4711}; it may be absent
 */
record ControlGroup(Path folder) {
    /** What reading says where the kernel removed the group after its file was opened (ENODEV). */
    private static final String GONE_WHILE_OPEN = "No such device";

    /**
     * Ends every process of the group, those too that another one starts meanwhile.
     *
     * @throws IOException where one outlives it
     */
    void end() throws IOException {
        Killing.all(folder.toString(), this::processes);
    }

    /** Removes the group and those below it, after its processes. */
    void remove() throws IOException {
        end();
        for (Path group : groups()) {
            Host.quietly("rmdir", group.toString());
        }
    }

    List<Long> processes() throws IOException {
        List<Long> pids = new ArrayList<>();
        for (Path group : groups()) {
            pids.addAll(processesOf(group));
        }
        return pids;
    }

    private static List<Long> processesOf(Path group) throws IOException {
        try {
            return Files.readAllLines(group.resolve("cgroup.procs")).stream()
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException e) {
            throwUnlessGone(e);
            return List.of();
        }
    }

    /** Deepest first. */
    private List<Path> groups() throws IOException {
        List<Path> groups = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFileFailed(Path path, IOException why) throws IOException {
                throwUnlessGone(why);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path group, IOException why) throws IOException {
                if (why != null) {
                    throwUnlessGone(why);
                }
                groups.add(group);
                return FileVisitResult.CONTINUE;
            }
        });
        return groups;
    }

    /** Asked of the error, because another group of this name may be there already. */
    private static void throwUnlessGone(IOException why) throws IOException {
        if (!(why instanceof NoSuchFileException) && !GONE_WHILE_OPEN.equals(why.getMessage())) {
            throw why;
        }
    }
}
