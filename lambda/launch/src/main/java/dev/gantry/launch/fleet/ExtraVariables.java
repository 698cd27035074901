package dev.gantry.launch.fleet;

import java.util.regex.Pattern;

/**
 * Checks a fleet's extra variables as its document does, so that settings are refused before a command is.
 *
 * <p>Both rules match in linear time. The rule of AWS-ApplyAnsiblePlaybooks is its {@code allowedPattern} with one exception: a
 * quoted value has no single quote inside, which Ansible could not parse.
 */
final class ExtraVariables {
    private static final Pattern AWS = rule("'[^|:();&']+'(?!\\S)|[^\\s|:();&]+", "\\s+");
    /** Word for word what the hardened document's ExtraVariables takes, which {@code scripts/dev/lint documents} compares. */
    private static final Pattern HARDENED =
            Pattern.compile("^$|^\\w+=([^\\s|:();&$`\\\"\\\\']+|'[^|:();&$`\\\"\\\\'\\r\\n]+')"
                    + "( +\\w+=([^\\s|:();&$`\\\"\\\\']+|'[^|:();&$`\\\"\\\\'\\r\\n]+'))*$");

    private ExtraVariables() {}

    private static Pattern rule(String value, String between) {
        String pair = "(?>\\w+=(?>" + value + "))";
        return Pattern.compile("(?:" + pair + "(?:" + between + pair + ")*+)?");
    }

    /** Checks them as a run sends them: without surrounding spaces, and followed by the bundle's name. */
    static void check(String value, Document document) {
        boolean isHardened = document.identifiesRuns();
        String sent = (value + " gantry_bundle=0").strip();
        if (!(isHardened ? HARDENED : AWS).matcher(sent).matches()) {
            throw new IllegalArgumentException(
                    "extraVariables must be name=value pairs with spaces between them, a value"
                            + " with spaces in single quotes, and none of | : ( ) ; &"
                            + (isHardened ? " $ ` \" \\" : "")
                            + " anywhere: " + document.name()
                            + " refuses anything else. Put other values into the bundle's group_vars");
        }
    }
}
