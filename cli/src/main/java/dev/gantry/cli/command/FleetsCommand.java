package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.FleetReader;
import dev.gantry.cli.base.Problem;
import dev.gantry.cli.screen.FleetsScreen;
import dev.gantry.cli.screen.Forms;
import dev.gantry.operator.FleetLine;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;

/** All fleets of a deployment. */
@Command(
        name = "fleets",
        description = "Lists all fleets: mode, bundles, breaker, who waits and for how long.",
        footer = {"", "Example: gantry fleets --region eu-central-1"})
public final class FleetsCommand extends AccountCommand {
    @Override
    int run(Account account) {
        FleetReader reader = account.fleets();
        List<FleetLine> lines = reader.lines(reader.names());
        Instant now = Instant.now();
        if (isJson()) {
            print(Forms.fleets(lines, now));
        } else {
            show(FleetsScreen.lines(lines, now, terminal()));
        }
        boolean isWhole = lines.stream()
                .noneMatch(line ->
                        line.mode().equals("unknown") || line.launching().isEmpty());
        return isWhole ? DONE : Problem.AWS;
    }
}
