package dev.gantry.cli.screen;

import dev.gantry.cli.terminal.Bar;
import dev.gantry.cli.terminal.Sheet;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Terminal;
import dev.gantry.launch.stay.Failure;
import dev.gantry.operator.Explanation;
import dev.gantry.operator.Explanation.Deadline;
import dev.gantry.operator.Explanation.Moment;
import dev.gantry.operator.Explanation.NextStep;
import dev.gantry.operator.Times;
import java.time.Duration;
import java.util.List;

/** An explanation on one screen: where it stands and why, its story, the failing task, the evidence, what to do. */
public final class ExplanationScreen {
    /** A screen is not a log: the evidence says where the rest is. */
    private static final int OUTPUT_LINES = 8;

    private static final int BAR = 20;
    private static final int LABEL = 14;

    private final Explanation told;
    private final Sheet sheet;

    private ExplanationScreen(Explanation told, Terminal terminal) {
        this.told = told;
        this.sheet = new Sheet(terminal);
    }

    public static List<String> lines(Explanation told, Terminal terminal) {
        ExplanationScreen screen = new ExplanationScreen(told, terminal);
        screen.head();
        screen.story();
        screen.failure();
        screen.evidence();
        screen.next();
        screen.unread();
        return screen.sheet.lines();
    }

    private void head() {
        Explanation.Standing standing = told.standing();
        String fleet = told.fleet().map(name -> "  fleet " + name).orElse("");
        String state = told.state().map(name -> "  " + name).orElse("");
        sheet.title(told.instance() + fleet + state);
        sheet.text(0, Moods.mark(standing.mood()) + " It " + standing.headline() + ".", Moods.style(standing.mood()));
        told.deadline().ifPresent(this::deadline);
        sheet.field(2, "why", LABEL, standing.why() + ".", Style.FAINT);
        standing.decision().ifPresent(name -> sheet.field(2, "decision now", LABEL, name, Style.FAINT));
    }

    private void deadline(Deadline deadline) {
        Duration whole = Duration.between(deadline.openedAt(), deadline.at());
        Duration passed = Duration.between(deadline.openedAt(), told.now());
        String words = told.now().isBefore(deadline.at())
                ? Times.span(passed) + " of " + Times.span(whole) + ", until " + Times.clock(deadline.at())
                : "passed at " + Times.clock(deadline.at());
        sheet.field(2, "deadline", LABEL, Bar.of(deadline.passed(told.now()), BAR) + " " + words, Style.FAINT);
    }

    private void story() {
        if (told.story().isEmpty()) {
            return;
        }
        sheet.gap().title("STORY  now " + Times.full(told.now()));
        for (Moment moment : told.story()) {
            String time = moment.at().map(Times::clock).orElse("--:--:--");
            sheet.field(
                    2,
                    time + " " + Moods.mark(moment.mood()) + " " + moment.what(),
                    8 + 3 + LABEL,
                    moment.detail(),
                    Moods.style(moment.mood()));
        }
    }

    private void failure() {
        told.failure().ifPresent(failure -> {
            sheet.gap()
                    .title("FAILED  "
                            + failure.task().map(task -> "task " + task).orElse("step " + failure.step()));
            sheet.text(2, failure.message(), Style.BAD);
            output(failure).forEach(line -> sheet.cut(2, "| " + line, Style.FAINT));
        });
    }

    private static List<String> output(Failure failure) {
        List<String> lines =
                failure.tail().lines().filter(line -> !line.isBlank()).toList();
        return lines.subList(Math.max(0, lines.size() - OUTPUT_LINES), lines.size());
    }

    private void evidence() {
        if (!told.evidence().isEmpty()) {
            sheet.gap().title("EVIDENCE");
            told.evidence()
                    .forEach(exhibit -> sheet.whole(
                            2, String.format("%-" + LABEL + "s  %s", exhibit.label(), exhibit.text()), Style.PLAIN));
        }
    }

    private void next() {
        sheet.gap().title("NEXT");
        for (NextStep step : told.next()) {
            sheet.text(2, step.words(), Style.PLAIN);
            step.command().ifPresent(command -> sheet.whole(4, command, Style.TITLE));
        }
    }

    private void unread() {
        if (!told.unread().isEmpty()) {
            sheet.gap().title("NOT READ  so what is above may be incomplete");
            told.unread().forEach(error -> sheet.text(2, "! " + error, Style.BAD));
        }
    }
}
