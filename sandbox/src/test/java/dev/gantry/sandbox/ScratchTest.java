package dev.gantry.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {
    /** The first process of a machine, which did not start now. */
    private static final long ANOTHER = 1;

    @Test
    void itsFolderIsGoneWithAllThatIsInItWhenItIsClosed() throws IOException {
        Scratch scratch = Scratch.make();
        Files.writeString(
                Files.createDirectories(scratch.folder().resolve("a/b")).resolve("c"), "text");
        scratch.close();
        assertFalse(Files.exists(scratch.folder()));
    }

    @Test
    void filesThatAreWrittenWhileItIsClosedAreDeletedToo() throws IOException, InterruptedException {
        Scratch scratch = Scratch.make();
        Thread writer = new Thread(() -> write(scratch.folder()));
        writer.start();
        scratch.close();
        writer.join();
        assertFalse(Files.exists(scratch.folder()));
    }

    /** Until the folder is gone under it. */
    private static void write(Path folder) {
        try {
            for (int n = 0; n < 2000; n++) {
                Files.writeString(folder.resolve("file-" + n), "text");
            }
        } catch (NoSuchFileException gone) {
            // As it must be.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void filesOfAKilledProcessAreDeletedAndThoseOfALivingOneAreKept(@TempDir Path parent) throws IOException {
        ProcessHandle me = ProcessHandle.current();
        Path mine = folder(parent, me.pid(), me.info().startInstant().orElseThrow());
        Path dead = folder(parent, 99_999_999, Instant.parse("2020-01-01T00:00:00Z"));
        Path earlier = folder(parent, ANOTHER, Instant.parse("2020-01-01T00:00:00Z"));
        Path strange = Files.createDirectory(parent.resolve("gantry-sandbox-of-somebody"));
        assertEquals(Set.of(dead, earlier), Set.copyOf(Scratch.clearLeftovers(parent)));
        assertTrue(Files.exists(mine));
        assertFalse(Files.exists(dead));
        assertFalse(Files.exists(earlier), "another process has its pid now");
        assertTrue(Files.exists(strange));
        assertEquals("kept", Files.readString(mine.resolve("file")));
    }

    private static Path folder(Path parent, long pid, Instant started) throws IOException {
        Path folder = Files.createDirectory(parent.resolve(Scratch.prefix(pid, started) + "0"));
        Files.writeString(folder.resolve("file"), "kept");
        return folder;
    }
}
