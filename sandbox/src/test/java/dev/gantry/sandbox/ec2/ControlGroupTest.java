package dev.gantry.sandbox.ec2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder with files of the same names stands in for the kernel's: any user may make one. */
class ControlGroupTest {
    private static final int LOOKS = 1000;
    private static final int SERVICES = 20;

    @TempDir
    private Path folder;

    private ControlGroup group() {
        return new ControlGroup(folder.resolve("gantry-1"));
    }

    private Path make(String name, String processes) throws IOException {
        Path made = Files.createDirectories(folder.resolve("gantry-1").resolve(name));
        Files.writeString(made.resolve("cgroup.procs"), processes);
        return made;
    }

    @Test
    void processesOfGroupsBelowBelongToIt() throws IOException {
        make("", "");
        make("i-1", "4711\n");
        make("i-1/system.slice", "4712\n4713\n");
        assertEquals(
                List.of(4711L, 4712L, 4713L),
                group().processes().stream().sorted().toList());
    }

    @Test
    void absentGroupHasNoProcess() throws IOException {
        assertEquals(List.of(), group().processes());
    }

    @Test
    void groupsThatComeAndGoMeanwhileAreNoError() throws IOException {
        make("", "4711\n");
        AtomicBoolean looking = new AtomicBoolean(true);
        CompletableFuture<Void> systemd = CompletableFuture.runAsync(() -> comeAndGo(looking));
        try {
            for (int look = 0; look < LOOKS; look++) {
                assertEquals(
                        4711L,
                        group().processes().stream()
                                .mapToLong(Long::longValue)
                                .max()
                                .orElseThrow());
            }
        } finally {
            looking.set(false);
            systemd.join();
        }
    }

    private void comeAndGo(AtomicBoolean looking) {
        try {
            while (looking.get()) {
                List<Path> services = new ArrayList<>();
                for (int number = 0; number < SERVICES; number++) {
                    services.add(make("system.slice/" + number, "1\n"));
                }
                for (Path service : services) {
                    Files.delete(service.resolve("cgroup.procs"));
                    Files.delete(service);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void groupThatIsThereAndCannotBeReadIsAnError() throws IOException {
        Files.createDirectories(folder.resolve("gantry-1/cgroup.procs"));
        assertThrows(IOException.class, () -> group().processes());
    }

    @Test
    void endReturnsOnceEveryProcessHasEnded() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sleep", "1000").start();
        Path procs = make("i-1", process.pid() + "\n").resolve("cgroup.procs");
        CompletableFuture<Void> kernel = process.onExit().thenRun(() -> empty(procs));
        group().end();
        assertFalse(process.isAlive());
        kernel.join();
    }

    /** As the kernel does when a process ends. */
    private static void empty(Path procs) {
        try {
            Files.writeString(procs, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
