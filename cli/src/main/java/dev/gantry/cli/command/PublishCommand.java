package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.BundleUpload;
import dev.gantry.cli.screen.Published;
import dev.gantry.launch.fleet.FleetName;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes a playbook tree. */
@Command(
        name = "publish",
        description = "Makes a bundle of a playbook tree, writes it to S3 once, and makes it the fleet's current one.",
        footer = {"", "Example: gantry publish web --tree ansible --env prod"})
public final class PublishCommand extends AccountCommand {
    @Parameters(paramLabel = "FLEET", description = "its group's name")
    private FleetName fleet;

    @Option(
            names = "--tree",
            paramLabel = "FOLDER",
            description = "the playbook tree (default: $GANTRY_TREE, else ansible/)")
    private String tree;

    @Option(
            names = "--env",
            paramLabel = "NAME",
            description = "config/NAME.yml becomes the bundle's group_vars/all.yml")
    private String environment;

    @Option(names = "--no-propose", description = "write the bundle, and leave the current one as it is")
    private boolean keepCurrent;

    @Override
    int run(Account account) throws Exception {
        Bundler.Bundle bundle = new Bundler().make(Optional.ofNullable(tree), Optional.ofNullable(environment));
        BundleUpload uploads = account.uploads();
        boolean written = uploads.upload(fleet, bundle.id(), bundle.path());
        Optional<String> message = keepCurrent
                ? Optional.empty()
                : Optional.of(account.operator().propose(fleet, bundle.id()).message());
        Published published = new Published(fleet, bundle.id(), uploads.address(fleet, bundle.id()), written, message);
        if (isJson()) {
            print(published.form());
        } else {
            print(published.lines());
        }
        return DONE;
    }
}
