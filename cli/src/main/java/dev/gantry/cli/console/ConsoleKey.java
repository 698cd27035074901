package dev.gantry.cli.console;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The secret that tokens and cookies are made of. It is kept in a file that its owner alone may read, beside the state of other
 * programs, so that open pages still work after a restart of the console. A user who can read it can read {@code ~/.aws}, too.
 */
public final class ConsoleKey {
    private static final int LENGTH = 32;

    private ConsoleKey() {}

    /** The key that is kept, or a new one; where none can be kept, one for this process alone. */
    public static byte[] find(Map<String, String> environment) {
        byte[] fresh = new byte[LENGTH];
        new SecureRandom().nextBytes(fresh);
        Optional<Path> file = file(environment);
        try {
            return file.isPresent() ? kept(file.get(), fresh) : fresh;
        } catch (IOException | UnsupportedOperationException unkept) {
            return fresh;
        }
    }

    private static Optional<Path> file(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("XDG_STATE_HOME"))
                .filter(folder -> folder.startsWith("/"))
                .map(Path::of)
                .or(() -> Optional.ofNullable(environment.get("HOME"))
                        .filter(folder -> folder.startsWith("/"))
                        .map(home -> Path.of(home, ".local", "state")))
                .map(folder -> folder.resolve("gantry/console-key"));
    }

    private static byte[] kept(Path file, byte[] fresh) throws IOException {
        Files.createDirectories(
                file.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (var channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(java.nio.ByteBuffer.wrap(fresh));
            return fresh;
        } catch (FileAlreadyExistsException known) {
            return read(file, fresh);
        }
    }

    /** The key if only its owner may read it and it is complete; another console may be writing it. */
    private static byte[] read(Path file, byte[] fresh) throws IOException {
        boolean isOurs = Files.getPosixFilePermissions(file).equals(PosixFilePermissions.fromString("rw-------"))
                && Files.getOwner(file).equals(Files.getOwner(file.getParent()));
        byte[] key = isOurs ? Files.readAllBytes(file) : fresh;
        return key.length == LENGTH ? key : fresh;
    }
}
