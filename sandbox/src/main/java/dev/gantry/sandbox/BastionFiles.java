package dev.gantry.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the bastion fallback is made from, all of it as it is shipped.
 *
 * @param zip the bastion function's package, which {@code mvn package} leaves in {@code lambda/bastion/target}
 * @param program the instances' side of the channel, as {@code scripts/dev/build-documents --program} makes it
 * @param modules the folder {@code terraform/modules}, whose files go into user data
 * @param document the hardened document, from {@code ssm-documents}
 */
public record BastionFiles(Path zip, Path program, Path modules, Path document) {

    /** Refuses with the first missing file, and the command that makes it. */
    public BastionFiles {
        require(zip, "mvn package");
        require(program, "scripts/dev/build-documents --program FILE");
        require(document, "scripts/dev/build-documents");
        require(modules.resolve("bastion_fallback/files/gantry-bastion.py"), "a whole clone of the repository");
    }

    /** Those of a clone in which {@code mvn package} has run. */
    public static BastionFiles in(Path repository, Path program) {
        return new BastionFiles(
                repository.resolve("lambda/bastion/target/gantry-bastion.zip"),
                program,
                repository.resolve("terraform/modules"),
                repository.resolve("ssm-documents/Gantry-ApplyAnsiblePlaybooks.json"));
    }

    private static void require(Path file, String maker) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "The bastion fallback needs " + file + ", which is not there. It comes from: " + maker);
        }
    }

    /** A file of {@code modules/<module>/files}. */
    String of(String module, String name) throws IOException {
        return Files.readString(modules.resolve(module).resolve("files").resolve(name));
    }
}
