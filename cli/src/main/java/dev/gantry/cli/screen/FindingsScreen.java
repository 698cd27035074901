package dev.gantry.cli.screen;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.terminal.Sheet;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Terminal;
import dev.gantry.operator.Finding;
import java.util.List;
import java.util.Locale;

/** Findings: the wrong ones with their repair, and one line for each good one. */
public final class FindingsScreen {
    private FindingsScreen() {}

    /**
     * The screen.
     *
     * @param unchecked what the command does not look at: silence about it is no proof of health
     */
    public static List<String> lines(List<Finding> findings, List<String> unchecked, Terminal terminal) {
        Sheet sheet = new Sheet(terminal);
        findings.stream()
                .filter(finding -> finding.kind() == Finding.Kind.WELL)
                .forEach(finding -> sheet.text(0, "+ " + finding.where() + ": " + finding.what(), Style.GOOD));
        findings.stream()
                .filter(finding -> finding.kind() == Finding.Kind.UNREAD)
                .forEach(finding ->
                        sheet.text(0, "? " + finding.where() + ": could not be read: " + finding.what(), Style.DOUBT));
        findings.stream()
                .filter(finding -> finding.kind() == Finding.Kind.WRONG)
                .forEach(finding -> {
                    sheet.gap().text(0, "! " + finding.where() + ": " + finding.what(), Style.BAD);
                    sheet.text(4, "repair: " + finding.mend(), Style.PLAIN);
                });
        sheet.gap().text(0, summary(findings), Style.TITLE);
        sheet.text(0, "Not looked at: " + String.join(", ", unchecked) + ".", Style.FAINT);
        return sheet.lines();
    }

    private static String summary(List<Finding> findings) {
        long wrong = count(findings, Finding.Kind.WRONG);
        long unread = count(findings, Finding.Kind.UNREAD);
        String found = wrong == 0 ? "Nothing is wrong" : wrong == 1 ? "1 finding stands" : wrong + " findings stand";
        return found + (unread == 0 ? "" : ", " + unread + " could not be read") + ".";
    }

    private static long count(List<Finding> findings, Finding.Kind kind) {
        return findings.stream().filter(finding -> finding.kind() == kind).count();
    }

    /** For programs. */
    public static String form(List<Finding> findings, List<String> unchecked) {
        ObjectNode json = Forms.form("gantry.doctor/1");
        ArrayNode entries = json.putArray("findings");
        findings.forEach(finding -> entries.addObject()
                .put("kind", finding.kind().name().toLowerCase(Locale.ROOT))
                .put("where", finding.where())
                .put("what", finding.what())
                .put("mend", finding.mend()));
        Forms.texts(json, "unchecked", unchecked);
        return json.toString();
    }
}
