package dev.gantry.cli.screen;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Table;
import dev.gantry.cli.terminal.Terminal;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.operator.BundleLine;
import dev.gantry.operator.Times;
import java.time.Instant;
import java.util.List;

/** A fleet's bundles as a table. */
public final class ReleasesScreen {
    private ReleasesScreen() {}

    public static List<String> lines(FleetName fleet, List<BundleLine> bundles, Terminal terminal) {
        if (bundles.isEmpty()) {
            return List.of("Nothing was published for fleet " + fleet + " yet.");
        }
        Table table = new Table("BUNDLE", "PUBLISHED", "STATE", "PROVEN", "WHY");
        bundles.forEach(line -> table.row(
                style(line),
                line.bundle().brief(),
                line.uploadedAt().map(Times::full).orElse("object is gone"),
                line.state(),
                line.provenAt().map(Times::full).orElse("-"),
                line.words()));
        return table.lines(terminal);
    }

    private static Style style(BundleLine line) {
        if (line.state().contains("quarantined")) {
            return Style.BAD;
        }
        return line.state().contains("current") ? Style.GOOD : Style.PLAIN;
    }

    /** For programs. */
    public static String form(FleetName fleet, List<BundleLine> bundles) {
        ObjectNode json = Forms.form("gantry.releases/1").put("fleet", fleet.value());
        ArrayNode entries = json.putArray("bundles");
        bundles.forEach(line -> {
            ObjectNode entry =
                    entries.addObject().put("sha256", line.bundle().sha256()).put("state", line.state());
            Forms.text(entry, "publishedAt", line.uploadedAt().map(Instant::toString));
            Forms.text(entry, "provenAt", line.provenAt().map(Instant::toString));
            entry.put("why", line.words());
        });
        return json.toString();
    }
}
