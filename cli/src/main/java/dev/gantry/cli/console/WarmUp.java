package dev.gantry.cli.console;

import dev.gantry.cli.console.page.FleetSeen;
import dev.gantry.cli.console.page.Frame;
import dev.gantry.cli.console.page.Page;
import dev.gantry.cli.console.page.Pages;
import dev.gantry.cli.console.page.Paths;
import dev.gantry.cli.console.page.Renderer;
import dev.gantry.cli.console.page.Setting;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.Explanation.Mood;
import dev.gantry.operator.FleetLine;
import dev.gantry.operator.LaunchLine;
import dev.gantry.operator.Span;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Draws a page that nobody sees, while the reader's browser starts: a process that has loaded the classes of a fleet's page draws
 * the first one in a third of the time.
 */
final class WarmUp {
    private static final Instant FROM = Instant.EPOCH;
    private static final Instant TO = FROM.plusSeconds(60);
    private static final FleetName FLEET = new FleetName("warm-up");

    private WarmUp() {}

    static void draw(Renderer renderer, Setting setting) {
        FleetLine line = new FleetLine(
                FLEET,
                "enforce",
                new FleetLine.Bundles(Optional.of("-"), Optional.of("-"), 0, "closed"),
                new FleetLine.Counts(1, 1, Optional.of(1)),
                Optional.empty(),
                Optional.of(true),
                List.of());
        List<LaunchLine> launches = List.of(launch(Optional.empty()), launch(Optional.of(TO)));
        Page page = new Pages(setting).fleet(new FleetSeen(line, launches, List.of(), List.of()), TO);
        Frame.News news = new Frame.News(TO, Optional.empty(), true, false, 0);
        String html = renderer.whole(
                renderer.inside(page, Paths.SERVED),
                new Frame(page.title(), Paths.SERVED, Optional.of(setting), "/", "/", news));
        Reply.html(Found.THERE, html).packed();
    }

    private static LaunchLine launch(Optional<Instant> end) {
        return new LaunchLine(
                FLEET,
                new InstanceId("i-00000000"),
                new LaunchLine.Step(Optional.of("service"), "provisioned"),
                Mood.GOOD,
                new LaunchLine.Term(Optional.of(FROM), Optional.empty(), end),
                "",
                List.of(new Span(Span.Kind.RUN, FROM, end, "", Mood.GOOD)));
    }
}
