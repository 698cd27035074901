package dev.gantry.sandbox;

import dev.gantry.sandbox.ec2.Leftovers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A sandbox's own folder below the system's temporary one, named after its process. Closing deletes it, also while something
 * that is about to end still writes into it. A process that was killed leaves its folder; the next sandbox of the same user
 * finds it, sees that its process is dead (by pid and start time, because pids are reused), and deletes it. Nothing else is
 * touched.
 */
final class Scratch implements AutoCloseable {
    private static final String PREFIX = "gantry-sandbox-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9]{1,9})-([0-9]{1,15})-.*");
    private static final int TRIES = 20;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

    /** The kernel's start times are relative to a boot time that a corrected clock moves. */
    private static final Duration CORRECTIONS = Duration.ofSeconds(10);

    private final Path folder;

    private Scratch(Path folder) {
        this.folder = folder;
    }

    static Scratch make() throws IOException {
        Path parent = parent();
        clearLeftovers(parent);
        ProcessHandle me = ProcessHandle.current();
        return new Scratch(Files.createTempDirectory(parent, prefix(me.pid(), started(me))));
    }

    /** The folder in which sandboxes have theirs. */
    static Path parent() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    static String prefix(long pid, Instant started) {
        return PREFIX + pid + "-" + started.toEpochMilli() + "-";
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    Path folder() {
        return folder;
    }

    /**
     * Deletes what killed processes have left, and ends the local instances in it; what cannot be deleted belongs to another user.
     *
     * @return what was deleted
     */
    static List<Path> clearLeftovers(Path parent) throws IOException {
        List<Path> leftovers;
        try (Stream<Path> all = Files.list(parent)) {
            leftovers = all.filter(Scratch::isLeftOver).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        List<Path> deleted = new ArrayList<>();
        for (Path leftover : leftovers) {
            try {
                Leftovers.endLocalBelow(leftover);
                deleteTree(leftover);
                deleted.add(leftover);
            } catch (IOException othersOrGone) {
                // Not ours to delete, or another sandbox has just deleted it.
            }
        }
        return deleted;
    }

    private static boolean isLeftOver(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (!name.matches()) {
            return false;
        }
        Instant started = Instant.ofEpochMilli(Long.parseLong(name.group(2)));
        Optional<Instant> running =
                ProcessHandle.of(Long.parseLong(name.group(1))).map(Scratch::started);
        return running.filter(at -> Duration.between(at, started).abs().compareTo(CORRECTIONS) < 0)
                .isEmpty();
    }

    @Override
    public void close() throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                deleteTree(folder);
                return;
            } catch (IOException stillInUse) {
                if (tries == TRIES) {
                    throw stillInUse;
                }
                LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
            }
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
                if (why instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw why;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException why) throws IOException {
                if (why != null) {
                    throw why;
                }
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
