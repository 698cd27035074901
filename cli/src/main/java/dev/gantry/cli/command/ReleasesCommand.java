package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.ReleaseReader;
import dev.gantry.cli.screen.ReleasesScreen;
import dev.gantry.operator.BundleLine;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A fleet's bundles. */
@Command(
        name = "releases",
        description =
                "Lists a fleet's bundles: when each was published, which is current, which are quarantined and why; and who"
                        + " changed that when.",
        footer = {"", "Example: gantry releases web"})
public final class ReleasesCommand extends AccountCommand {
    @Mixin
    private FleetParameter fleet;

    @Override
    int run(Account account) {
        ReleaseReader releases = account.releases(fleet.name());
        List<BundleLine> lines = releases.lines();
        if (isJson()) {
            print(ReleasesScreen.form(fleet.name(), lines, releases.changes()));
        } else {
            show(ReleasesScreen.lines(fleet.name(), lines, releases.changes(), terminal()));
        }
        return DONE;
    }
}
