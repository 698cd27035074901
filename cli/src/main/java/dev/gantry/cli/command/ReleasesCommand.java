package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.screen.ReleasesScreen;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.operator.BundleLine;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A fleet's bundles. */
@Command(
        name = "releases",
        description =
                "Lists a fleet's bundles: when each was published, which is current, which are quarantined and why.",
        footer = {"", "Example: gantry releases web"})
public final class ReleasesCommand extends AccountCommand {
    @Parameters(paramLabel = "FLEET", description = "its group's name")
    private FleetName fleet;

    @Override
    int run(Account account) {
        List<BundleLine> lines = account.releases(fleet).lines();
        if (isJson()) {
            print(ReleasesScreen.form(fleet, lines));
        } else {
            show(ReleasesScreen.lines(fleet, lines, terminal()));
        }
        return DONE;
    }
}
