package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.BundleUpload;
import dev.gantry.cli.base.Problem;
import dev.gantry.cli.bundle.Bundle;
import dev.gantry.cli.screen.Published;
import dev.gantry.launch.fleet.FleetName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes a playbook tree. */
@Command(
        name = "publish",
        description = "Makes a bundle of a playbook tree, writes it to S3 once, and makes it the fleet's current one.",
        footer = {
            "",
            "Exit code 1 where the tree cannot be a bundle, or where the function refuses it.",
            "Example: gantry publish web --tree ansible --env prod"
        })
public final class PublishCommand extends AccountCommand {
    @Parameters(
            paramLabel = "FLEET",
            arity = "0..1",
            defaultValue = "${GANTRY_FLEET}",
            description = "its group's name (default: $GANTRY_FLEET)")
    private FleetName fleet;

    @Mixin
    private TreeOptions tree;

    @Mixin
    private AliasOption alias;

    @Option(names = "--no-propose", description = "write the bundle, and leave the current one as it is")
    private boolean keepCurrent;

    @Override
    int run(Account account) throws IOException {
        if (fleet == null) {
            throw new Problem(Problem.USAGE, "FLEET is missing: which Auto Scaling group is the bundle for?");
        }
        Path folder = Files.createTempDirectory("gantry");
        try {
            publish(account, tree.bundle(folder));
        } finally {
            remove(folder);
        }
        return DONE;
    }

    private void publish(Account account, Bundle bundle) {
        BundleUpload uploads = account.uploads();
        boolean written = uploads.upload(fleet, bundle.id(), bundle.path());
        Published published = new Published(fleet, bundle, uploads.address(fleet, bundle.id()), written);
        if (!isJson()) {
            print(published.upload());
        }
        Optional<String> message = keepCurrent
                ? Optional.empty()
                : Optional.of(alias.operator(account, fleet)
                        .propose(fleet, bundle.id())
                        .message());
        print(isJson() ? published.form(message) : published.proposal(message));
    }

    private static void remove(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
