package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.Diagnostics;
import dev.gantry.cli.base.Problem;
import dev.gantry.cli.screen.DiagnosticsScreen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An instance's logs and states. */
@Command(
        name = "diagnostics",
        description =
                "Has an instance collect its logs and the states of its units, fetches them, and shows their ends.",
        footer = {
            "",
            "By the document Gantry-CollectDiagnostics; what looks like a secret is replaced on the instance.",
            "Example: gantry diagnostics i-0123456789abcdef0 --folder /tmp"
        })
public final class DiagnosticsCommand extends AccountCommand {
    @Mixin
    private InstanceParameter instance;

    @Option(names = "--latest", description = "collect nothing: the newest that it has left, as after a failed run")
    private boolean isLatest;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            defaultValue = ".",
            description = "where to put the archive (default: this folder)")
    private Path folder;

    @Override
    int run(Account account) throws IOException, InterruptedException {
        if (!Files.isDirectory(folder)) {
            throw new Problem(Problem.USAGE, "there is no folder " + folder + " to put the archive in");
        }
        Diagnostics diagnostics = account.diagnostics(instance.id());
        Diagnostics.Archive archive = isLatest ? diagnostics.latest() : diagnostics.collect();
        // Named by us: the key's own last part was chosen on the instance.
        String stamp =
                archive.key().substring(archive.key().lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9.-]", "_");
        Path file = folder.resolve(instance.id() + "-" + stamp);
        Files.write(file, archive.bytes(), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        if (isJson()) {
            print(DiagnosticsScreen.form(instance.id(), archive.key(), file, archive.files()));
        } else {
            show(DiagnosticsScreen.lines(file, archive.files(), terminal()));
        }
        return DONE;
    }
}
