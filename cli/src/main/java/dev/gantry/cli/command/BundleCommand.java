package dev.gantry.cli.command;

import dev.gantry.cli.bundle.Bundle;
import dev.gantry.cli.screen.Published;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a bundle, without a call to AWS. */
@Command(
        name = "bundle",
        description =
                "Makes a bundle of a playbook tree: a zip named by the SHA-256 of its bytes, the same on every machine.",
        footer = {
            "",
            "Prints the SHA-256 and the path. Exit code 1 where the tree cannot be a bundle.",
            "Example: gantry bundle --env dev --out /tmp/bundles"
        })
public final class BundleCommand implements Callable<Integer> {
    @Mixin
    private OutputOptions output;

    @Mixin
    private TreeOptions tree;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "where to put it (default: .gantry/bundles of the repository, else this folder)")
    private Path folder;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Bundle bundle = tree.bundle(Optional.ofNullable(folder).orElseGet(BundleCommand::usualFolder));
        PrintWriter out = spec.commandLine().getOut();
        // One write: a reader like `head -n 1` leaves after the first line.
        out.print(
                output.isJson() ? Published.bundle(bundle) + "\n" : bundle.id().sha256() + "\n" + bundle.path() + "\n");
        out.flush();
        return AccountCommand.DONE;
    }

    private static Path usualFolder() {
        return Optional.ofNullable(System.getProperty("gantry.home"))
                .map(home -> Path.of(home, ".gantry", "bundles"))
                .orElse(Path.of("."));
    }
}
