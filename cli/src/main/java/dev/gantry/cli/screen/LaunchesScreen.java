package dev.gantry.cli.screen;

import dev.gantry.cli.terminal.Bar;
import dev.gantry.cli.terminal.Table;
import dev.gantry.cli.terminal.Terminal;
import dev.gantry.operator.Explanation.Deadline;
import dev.gantry.operator.LaunchLine;
import dev.gantry.operator.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Launches as a table: those that wait with their bar towards the deadline, and those that ended lately. */
public final class LaunchesScreen {
    private static final int BAR = 10;

    private LaunchesScreen() {}

    /**
     * The table.
     *
     * @param notes what is to be said besides: what could not be read, what was left out
     */
    public static List<String> lines(List<LaunchLine> launches, List<String> notes, Instant now, Terminal terminal) {
        List<String> lines = new ArrayList<>();
        if (launches.isEmpty()) {
            lines.add("No launch waits, and none ended in the time asked for.");
        } else {
            Table table = new Table("INSTANCE", "FLEET", "GATE", "STEP", "TIME", "LAST WORDS");
            launches.forEach(line -> table.row(
                    Moods.style(line.mood()),
                    Moods.mark(line.mood()) + " " + line.instance(),
                    line.fleet().value(),
                    line.gate().orElse("-"),
                    line.step(),
                    time(line, now),
                    line.words()));
            lines.addAll(table.lines(terminal));
        }
        notes.forEach(note -> lines.add("! " + note));
        return lines;
    }

    private static String time(LaunchLine line, Instant now) {
        if (line.endedAt().isPresent()) {
            return "ended " + Times.clock(line.endedAt().get());
        }
        return line.deadline().map(deadline -> bar(deadline, now)).orElse("-");
    }

    private static String bar(Deadline deadline, Instant now) {
        return Bar.of(deadline.passed(now), BAR) + " " + Times.span(Duration.between(deadline.openedAt(), now)) + " of "
                + Times.span(Duration.between(deadline.openedAt(), deadline.at()));
    }
}
