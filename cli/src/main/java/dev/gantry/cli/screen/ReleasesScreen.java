package dev.gantry.cli.screen;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Table;
import dev.gantry.cli.terminal.Terminal;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.release.Change;
import dev.gantry.operator.BundleLine;
import dev.gantry.operator.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A fleet's bundles as a table. */
public final class ReleasesScreen {
    private static final String UNRECORDED = "No change was recorded yet; the next one is, with who asked for it.";

    /** What every ARN of a caller begins with; the form has all of it. */
    private static final Pattern PRINCIPAL = Pattern.compile("^arn:[a-z-]+:(iam|sts)::\\d{12}:");

    private ReleasesScreen() {}

    public static List<String> lines(
            FleetName fleet, List<BundleLine> bundles, List<Change> changes, Terminal terminal) {
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
        List<String> lines = new ArrayList<>(table.lines(terminal));
        lines.add("");
        lines.addAll(changes.isEmpty() ? List.of(UNRECORDED) : changes(changes, terminal));
        return lines;
    }

    private static List<String> changes(List<Change> changes, Terminal terminal) {
        Table table = new Table("WHEN", "WHAT", "BUNDLE", "WHO");
        changes.forEach(change -> table.row(
                style(change.kind()),
                Times.full(change.at()),
                words(change.kind()),
                change.bundle().map(BundleId::brief).orElse("-"),
                PRINCIPAL.matcher(change.by()).replaceFirst("")));
        return table.lines(terminal);
    }

    private static String words(Change.Kind kind) {
        return switch (kind) {
            case CURRENT -> "became current";
            case QUARANTINED -> "quarantined";
            case LIFTED -> "quarantine lifted";
            case SUSPENDED -> "launches suspended";
            case RESUMED -> "launches resumed";
        };
    }

    private static Style style(Change.Kind kind) {
        return switch (kind) {
            case QUARANTINED, SUSPENDED -> Style.BAD;
            case CURRENT, LIFTED, RESUMED -> Style.PLAIN;
        };
    }

    private static Style style(BundleLine line) {
        if (line.state().contains("quarantined")) {
            return Style.BAD;
        }
        return line.state().contains("current") ? Style.GOOD : Style.PLAIN;
    }

    /** For programs. */
    public static String form(FleetName fleet, List<BundleLine> bundles, List<Change> changes) {
        ObjectNode json = Forms.form("gantry.releases/1").put("fleet", fleet.value());
        ArrayNode entries = json.putArray("bundles");
        bundles.forEach(line -> {
            ObjectNode entry =
                    entries.addObject().put("sha256", line.bundle().sha256()).put("state", line.state());
            Forms.text(entry, "publishedAt", line.uploadedAt().map(Instant::toString));
            Forms.text(entry, "provenAt", line.provenAt().map(Instant::toString));
            entry.put("why", line.words());
        });
        ArrayNode told = json.putArray("changes");
        changes.forEach(change -> {
            ObjectNode entry = told.addObject()
                    .put("at", change.at().toString())
                    .put("what", change.kind().name().toLowerCase(Locale.ROOT));
            Forms.text(entry, "bundle", change.bundle().map(BundleId::sha256));
            entry.put("by", change.by());
        });
        return json.toString();
    }
}
