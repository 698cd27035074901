package dev.gantry.cli.screen;

import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Table;
import dev.gantry.cli.terminal.Terminal;
import dev.gantry.cli.terminal.Wrap;
import dev.gantry.operator.Explanation.Deadline;
import dev.gantry.operator.FleetLine;
import dev.gantry.operator.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Fleets as a table, and below it what is wrong with them. */
public final class FleetsScreen {
    private FleetsScreen() {}

    public static List<String> lines(List<FleetLine> fleets, Instant now, Terminal terminal) {
        if (fleets.isEmpty()) {
            return List.of("No fleet: the bucket has no settings below fleets/.");
        }
        Table table = new Table(
                "FLEET", "MODE", "CURRENT", "LAST GOOD", "QUARANTINED", "BREAKER", "LAUNCHES", "IN SERVICE", "WAITING");
        fleets.forEach(line -> table.row(
                line.troubles().isEmpty() ? Style.GOOD : Style.BAD,
                line.fleet().value(),
                line.mode(),
                line.current().orElse("-"),
                line.lastGood().orElse("-"),
                Integer.toString(line.quarantined()),
                line.breaker(),
                line.launching().map(runs -> runs ? "run" : "stopped").orElse("unknown"),
                Integer.toString(line.inService()),
                waiting(line, now)));
        List<String> lines = new ArrayList<>(table.lines(terminal));
        for (FleetLine line : fleets) {
            for (String trouble : line.troubles()) {
                lines.addAll(Wrap.lines("! " + line.fleet() + ": " + trouble, terminal.columns()));
            }
        }
        return lines;
    }

    private static String waiting(FleetLine line, Instant now) {
        return line.waiting()
                + line.oldest().map(deadline -> oldest(deadline, now)).orElse("");
    }

    private static String oldest(Deadline deadline, Instant now) {
        return ", the oldest " + Times.span(Duration.between(deadline.openedAt(), now)) + " of "
                + Times.span(Duration.between(deadline.openedAt(), deadline.at()));
    }
}
