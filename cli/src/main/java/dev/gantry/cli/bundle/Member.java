package dev.gantry.cli.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * One file of a bundle.
 *
 * @param name its path in the tree, with slashes
 * @param isExecutable whether its owner may execute it, as git sees it
 * @param file where it is on this machine, for messages
 * @param content read once
 */
record Member(String name, boolean isExecutable, Path file, Content content) {
    /** The bytes. */
    interface Content {
        InputStream open() throws IOException;
    }

    /** As it stands in an archive: a regular file. */
    int mode() {
        return 0100000 | (isExecutable ? 0755 : 0644);
    }
}
