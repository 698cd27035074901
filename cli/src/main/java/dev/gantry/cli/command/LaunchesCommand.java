package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.FleetReader;
import dev.gantry.cli.base.Problem;
import dev.gantry.cli.screen.Forms;
import dev.gantry.cli.screen.LaunchesScreen;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.operator.LaunchLine;
import dev.gantry.operator.LaunchLines;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The launches that wait, and those that ended lately. */
@Command(
        name = "launches",
        description = "Lists the launches that wait, with their way to the deadline, and those that ended lately.",
        footer = {"", "Example: gantry launches web --watch"})
public final class LaunchesCommand extends AccountCommand {
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Parameters(paramLabel = "FLEET", arity = "0..1", description = "its group's name; all fleets where none is named")
    private FleetName fleet;

    @Option(
            names = {"-w", "--watch"},
            description = "look again every two seconds, until Ctrl-C")
    private boolean watch;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "30m",
            converter = TimeSpan.class,
            description = "show what ended since then, as 90s, 30m, 2h or 1d (default: 30m)")
    private Duration since;

    @Override
    int run(Account account) throws InterruptedException {
        FleetReader reader = account.fleets();
        Collection<FleetName> fleets = fleet == null ? reader.names() : fleetOf(reader);
        String before = "";
        while (true) {
            Shown shown = look(reader, fleets);
            String text = String.join("\n", shown.lines());
            if (!watch && !isJson()) {
                show(shown.lines());
            } else if (!watch || !text.equals(before)) {
                print(watch && terminal().isTerminal() ? CLEAR + text : text);
            }
            if (!watch || isOutputClosed()) {
                return shown.isWhole() ? DONE : Problem.AWS;
            }
            before = text;
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private record Shown(List<String> lines, boolean isWhole) {}

    private Set<FleetName> fleetOf(FleetReader reader) {
        if (!reader.names().contains(fleet)) {
            throw Problem.noFleet(fleet);
        }
        return Set.of(fleet);
    }

    private Shown look(FleetReader reader, Collection<FleetName> fleets) {
        Instant now = Instant.now();
        FleetReader.Launches launches = reader.launches(fleets, now.minus(since));
        List<LaunchLine> lines = LaunchLines.of(launches.launches());
        List<String> text = isJson()
                ? List.of(Forms.launches(lines, launches.notes(), now))
                : LaunchesScreen.lines(lines, launches.notes(), now, terminal());
        return new Shown(text, launches.launches().stream().allMatch(seen -> seen.isWhole()));
    }
}
