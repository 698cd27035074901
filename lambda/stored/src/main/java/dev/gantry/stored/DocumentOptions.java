package dev.gantry.stored;

import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.port.Commands.RunOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The options of one run, by the names of the document's parameters. Run Command takes them as parameters, and the bastion's
 * function as lines of the program's input.
 */
public final class DocumentOptions {
    /** Parameters that settings cannot set: they differ from run to run, or have a setting of their own. */
    public static final Set<String> SET_FOR_EACH_RUN = Set.of(
            "SourceType",
            "SourceInfo",
            "InstallDependencies",
            "PlaybookFile",
            "ExtraVariables",
            "Check",
            "Verbose",
            "TimeoutSeconds",
            "BundleSha256",
            "RunId");

    private final BundleUrls urls;

    public DocumentOptions(BundleUrls urls) {
        this.urls = urls;
    }

    /** The options of the hardened document's program on any channel: all except the bundle's source. */
    public Map<String, String> of(RunOrder order) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("BundleSha256", order.bundle().sha256());
        options.put("RunId", order.run().toString());
        options.put("DiagnosticsUri", urls.diagnostics(order.fleet().name()));
        options.putAll(common(order));
        return options;
    }

    /** The options that AWS's document also takes. */
    public static Map<String, String> common(RunOrder order) {
        Fleet fleet = order.fleet();
        Map<String, String> common = new LinkedHashMap<>();
        common.put("InstallDependencies", fleet.installDependencies() ? "True" : "False");
        common.put("PlaybookFile", fleet.playbook());
        common.put("ExtraVariables", extraVariables(order));
        common.put("Check", "False");
        common.put("Verbose", fleet.verbose());
        common.put("TimeoutSeconds", Long.toString(fleet.policy().runTimeout().toSeconds()));
        common.putAll(fleet.document().parameters());
        return common;
    }

    /** The fleet's own variables and the bundle's name, so that an instance knows its bundle. */
    private static String extraVariables(RunOrder order) {
        return (order.fleet().extraVariables() + " gantry_bundle="
                        + order.bundle().sha256())
                .strip();
    }
}
