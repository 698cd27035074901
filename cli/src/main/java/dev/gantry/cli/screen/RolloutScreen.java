package dev.gantry.cli.screen;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.terminal.Sheet;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Terminal;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.Rollout;
import dev.gantry.operator.Rollout.Kind;
import dev.gantry.operator.Rollout.Outcome;
import dev.gantry.operator.RolloutTargets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An application of a bundle: what is about to happen, a line for each instance, and how it ended. */
public final class RolloutScreen {
    private RolloutScreen() {}

    /** Before it begins. */
    public static List<String> beginning(
            FleetName fleet, BundleId bundle, RolloutTargets targets, boolean checks, Terminal terminal) {
        Sheet sheet = new Sheet(terminal)
                .text(
                        0,
                        "Bundle " + bundle.brief() + (checks ? " is checked against " : " to ")
                                + instances(targets.inService().size()) + " of fleet " + fleet + " in service.",
                        Style.TITLE);
        if (!targets.passedOver().isEmpty()) {
            sheet.text(0, "Passed over, not in service: " + words(targets.passedOver()) + ".", Style.FAINT);
        }
        return sheet.lines();
    }

    /** One that had its turn. */
    public static List<String> line(InstanceId instance, Outcome outcome, boolean checks, Terminal terminal) {
        Sheet sheet = new Sheet(terminal);
        switch (outcome.kind()) {
            case FAILED -> sheet.text(0, "! " + instance + " failed: " + outcome.words(), Style.BAD);
            case UNTOUCHED -> sheet.text(0, "? " + instance + " untouched: " + outcome.words(), Style.DOUBT);
            case SUCCEEDED -> succeeded(sheet, instance, outcome, checks);
        }
        return sheet.lines();
    }

    private static void succeeded(Sheet sheet, InstanceId instance, Outcome outcome, boolean checks) {
        List<String> changed = outcome.changed().orElse(List.of());
        if (!checks) {
            sheet.text(0, "+ " + instance + " ready", Style.GOOD);
        } else if (changed.isEmpty()) {
            sheet.text(0, "+ " + instance + " as the bundle wants it", Style.GOOD);
        } else {
            sheet.text(0, "~ " + instance + " has drifted; these would change:", Style.DOUBT);
            changed.forEach(task -> sheet.text(4, task, Style.PLAIN));
        }
    }

    /** After its end. */
    public static List<String> end(Rollout rollout, boolean checks, Terminal terminal) {
        Sheet sheet = new Sheet(terminal).gap();
        long failed = rollout.count(Kind.FAILED);
        String drifted = checks ? ", " + rollout.drifted().size() + " drifted" : "";
        sheet.text(
                0,
                rollout.count(Kind.SUCCEEDED) + " of "
                        + instances(rollout.targets().size()) + " succeeded" + drifted + ", "
                        + failed + " failed, " + rollout.count(Kind.UNTOUCHED) + " untouched"
                        + (rollout.left().isEmpty()
                                ? "."
                                : ", " + rollout.left().size() + " had no turn."),
                Style.TITLE);
        if (rollout.isStopped()) {
            sheet.text(0, "Stopped: more than " + rollout.allowed() + " failed (--max-errors).", Style.BAD);
        }
        return sheet.lines();
    }

    /** For programs. */
    public static String form(
            FleetName fleet, BundleId bundle, Rollout rollout, RolloutTargets targets, boolean checks) {
        ObjectNode json = Forms.form("gantry.apply/1")
                .put("fleet", fleet.value())
                .put("bundle", bundle.sha256())
                .put("check", checks)
                .put("stopped", rollout.isStopped());
        ArrayNode entries = json.putArray("instances");
        rollout.outcomes().forEach((instance, outcome) -> {
            ObjectNode entry = entries.addObject()
                    .put("instance", instance.value())
                    .put("outcome", outcome.kind().name().toLowerCase(Locale.ROOT))
                    .put("words", outcome.words());
            outcome.changed().ifPresent(tasks -> Forms.texts(entry, "changed", tasks));
        });
        Forms.texts(json, "left", rollout.left().stream().map(InstanceId::value).toList());
        ObjectNode others = json.putObject("passedOver");
        targets.passedOver().forEach((instance, state) -> others.put(instance.value(), state));
        return json.toString();
    }

    private static String instances(int count) {
        return count + (count == 1 ? " instance" : " instances");
    }

    private static String words(Map<InstanceId, String> others) {
        return String.join(
                ", ",
                others.entrySet().stream()
                        .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                        .toList());
    }
}
