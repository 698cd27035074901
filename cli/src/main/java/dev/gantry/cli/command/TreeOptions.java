package dev.gantry.cli.command;

import dev.gantry.cli.base.Problem;
import dev.gantry.cli.bundle.Bundle;
import dev.gantry.cli.bundle.Bundles;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What goes into a bundle. */
final class TreeOptions {
    private static final String YAML = ".yml";

    @Option(
            names = "--tree",
            paramLabel = "FOLDER",
            defaultValue = "${GANTRY_TREE}",
            description = "the playbook tree (default: $GANTRY_TREE, else ansible/ of the repository)")
    private String tree;

    @Option(
            names = "--env",
            paramLabel = "NAME",
            description = "config/NAME.yml of the repository (or a FILE.yml) becomes the bundle's group_vars/all.yml")
    private String environment;

    /** Makes the bundle in this folder. */
    Bundle bundle(Path folder) {
        return Bundles.make(tree(), Optional.ofNullable(environment).map(TreeOptions::values), folder);
    }

    private Path tree() {
        return tree == null || tree.isBlank() ? home("--tree FOLDER").resolve("ansible") : Path.of(tree);
    }

    private static Path values(String name) {
        return name.endsWith(YAML)
                ? Path.of(name)
                : home("--env FILE.yml").resolve("config").resolve(name + YAML);
    }

    /** The repository, as the launcher says; a release has none. */
    private static Path home(String instead) {
        return Optional.ofNullable(System.getProperty("gantry.home"))
                .map(Path::of)
                .orElseThrow(() -> new Problem(
                        Problem.USAGE, "say " + instead + ": this gantry was not started from a repository"));
    }
}
