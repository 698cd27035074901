package dev.gantry.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Objects that a bucket has from the beginning: the files below a folder, each with its path there as the key. They are an
 * example fleet's videos and archives.
 */
final class FolderObjects implements Cloud.Part {
    private final String bucket;
    private final Path folder;

    /**
     * @param bucket exists when the part is built
     * @param folder read once, when the part is built
     */
    FolderObjects(String bucket, Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("There is no folder " + folder + " whose files could be objects.");
        }
        this.bucket = bucket;
        this.folder = folder;
    }

    @Override
    public void build(Cloud cloud) throws IOException {
        for (Path file : files()) {
            cloud.s3().put(bucket, key(file), Files.readAllBytes(file));
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private String key(Path file) {
        return StreamSupport.stream(folder.relativize(file).spliterator(), false)
                .map(Path::toString)
                .collect(Collectors.joining("/"));
    }
}
