package dev.gantry.cli.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleKeyTest {
    @TempDir
    private Path state;

    private byte[] find() {
        return ConsoleKey.find(Map.of("XDG_STATE_HOME", state.toString()));
    }

    private Path file() {
        return state.resolve("gantry/console-key");
    }

    @Test
    void theSecondStartHasTheKeyOfTheFirst() {
        assertArrayEquals(find(), find());
    }

    @Test
    void onlyItsOwnerMayReadIt() throws IOException {
        find();

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    }

    @Test
    void aKeyThatOthersMayReadIsNotUsed() throws IOException {
        byte[] first = find();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

        assertFalse(Arrays.equals(first, find()));
    }

    @Test
    void aKeyThatIsTooShortIsNotUsed() throws IOException {
        find();
        Files.write(file(), new byte[4]);

        assertEquals(32, find().length);
    }

    @Test
    void withoutAHomeEachStartHasAKeyOfItsOwn() {
        assertFalse(Arrays.equals(ConsoleKey.find(Map.of()), ConsoleKey.find(Map.of())));
    }
}
