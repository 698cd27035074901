package dev.gantry.sandbox.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** The files of this repository, from any folder in which a test runs. */
public final class Repository {
    private static final Path ROOT = root();

    private Repository() {}

    /** A file or folder of the repository, by its path from the top; it need not be there. */
    public static Path path(String fromTheTop) {
        return ROOT.resolve(fromTheTop);
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("scripts/test"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("Tests run inside the repository, and there is no scripts/test above "
                        + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }
}
