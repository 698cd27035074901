package dev.gantry.cli.console.page;

import dev.gantry.cli.screen.FindingsScreen;
import dev.gantry.cli.screen.Forms;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.operator.Finding;
import dev.gantry.operator.FleetLine;
import dev.gantry.operator.LaunchLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From views to pages. */
public final class Pages {
    /** More ended launches than this are in the plot and in the twin alone. */
    public static final int MOST_ENDED = 40;

    private final Setting setting;

    public Pages(Setting setting) {
        this.setting = setting;
    }

    /** All fleets. */
    public Page fleets(List<FleetLine> lines, Instant now) {
        return new Page(
                "Fleets",
                "fleets.jte",
                Map.of("lines", lines, "now", now, "options", setting.options()),
                () -> Forms.fleets(lines, now));
    }

    /** A fleet. */
    public Page fleet(FleetSeen seen, Instant now) {
        List<LaunchLine> open =
                seen.launches().stream().filter(LaunchLine::isOpen).toList();
        List<LaunchLine> ended = new ArrayList<>(
                seen.launches().stream().filter(line -> !line.isOpen()).toList());
        java.util.Collections.reverse(ended);
        Optional<Duration> deadline = Gantt.deadline(open);
        return new Page(
                seen.line().fleet().value(),
                "fleet.jte",
                Map.of(
                        "seen",
                        seen,
                        "now",
                        now,
                        "open",
                        Gantt.of(open, deadline, now),
                        "ended",
                        Gantt.of(ended.subList(0, Math.min(MOST_ENDED, ended.size())), Optional.empty(), now),
                        "count",
                        ended.size(),
                        "plot",
                        Plot.of(seen.launches()),
                        "options",
                        setting.options()),
                () -> Forms.launches(seen.launches(), seen.notes(), now));
    }

    /** An instance. */
    public Page instance(InstanceSeen seen) {
        Instant now = seen.told().now();
        Optional<Gantt> chart = seen.line()
                .filter(line -> line.since().isPresent())
                .map(line -> Gantt.of(List.of(line), Gantt.deadline(List.of(line)), now));
        return new Page(
                seen.told().instance().value(),
                "instance.jte",
                Map.of(
                        "seen",
                        seen,
                        "chart",
                        chart,
                        "links",
                        AwsLinks.of(seen.told(), setting),
                        "options",
                        setting.options()),
                () -> Forms.explanation(seen.told()));
    }

    /** The doctor's findings. */
    public Page doctor(Doctored found) {
        return new Page(
                "Doctor",
                "doctor.jte",
                Map.of(
                        "wrong",
                        of(found, Finding.Kind.WRONG),
                        "unread",
                        of(found, Finding.Kind.UNREAD),
                        "well",
                        of(found, Finding.Kind.WELL),
                        "unchecked",
                        found.unchecked(),
                        "options",
                        setting.options()),
                () -> FindingsScreen.form(found.findings(), found.unchecked()));
    }

    private static List<Finding> of(Doctored found, Finding.Kind kind) {
        return found.findings().stream()
                .filter(finding -> finding.kind() == kind)
                .toList();
    }

    /** A page that says why there is no other. */
    public static Page message(String title, String words, Optional<String> command) {
        return message(title, words, command, Optional.empty());
    }

    /** Who brings neither token nor cookie; {@code path} is what was asked for. */
    public static Page locked(String path) {
        return message(
                "This console does not know you",
                "Open the address that gantry console printed where it was started: it has the token. On another machine, or for"
                        + " a path that a colleague sent, start a console of your own and open the same path there.",
                Optional.of("gantry console"),
                Optional.of(path));
    }

    private static Page message(String title, String words, Optional<String> command, Optional<String> again) {
        return new Page(
                title,
                "message.jte",
                Map.of("title", title, "words", words, "command", command, "again", again),
                () -> Message.form(title, words));
    }

    /** No fleet has this name. */
    public Page noFleet(FleetName name) {
        return message(
                        "No such fleet",
                        "Group " + name
                                + " is no fleet of this deployment: it has no settings. Once it has, this page shows it.",
                        Optional.of("gantry fleets" + setting.options()))
                .titled(name.value());
    }

    /** What a search found. */
    public static Page search(Hits hits) {
        return new Page(
                "Search",
                "search.jte",
                Map.of("hits", hits),
                () -> Forms.search(hits.words(), hits.fleets(), hits.launches(), hits.notes()));
    }
}
