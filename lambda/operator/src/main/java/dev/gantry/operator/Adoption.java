package dev.gantry.operator;

import dev.gantry.launch.fleet.FleetName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The Terraform that takes an existing group into Gantry's care, watched at first: it lets every launch go on by itself. Pure.
 *
 * @param modules where the modules are, as Terraform's {@code source} names them
 * @param functionZip the functions' package
 * @param documentVersion of AWS-ApplyAnsiblePlaybooks, pinned
 */
public record Adoption(
        FleetName group, String region, String modules, String functionZip, String documentVersion, Found found) {
    /** Terraform's modules take names of 3 to 32 characters. */
    private static final int LONGEST_NAME = 32;

    /**
     * What the group is like, as far as it could be read.
     *
     * @param role of its instances; empty where it is not known
     * @param missing what an SSM agent needs and the role does not allow
     */
    public record Found(List<String> launchHooks, boolean hasWarmPool, Optional<String> role, List<String> missing) {}

    /** A name for the deployment: gantry and the group's, in the characters that names may have. */
    public String name() {
        String plain = ("gantry-" + group.value().toLowerCase(Locale.ROOT)).replaceAll("[^a-z0-9]+", "-");
        return plain.substring(0, Math.min(LONGEST_NAME, plain.length())).replaceAll("-+$", "");
    }

    /** The lines of one file. */
    public List<String> terraform() {
        return List.of(
                "# Group " + group
                        + " in Gantry's care, watched at first: terraform init, terraform plan, terraform apply.",
                "provider \"aws\" { region = " + quoted(region) + " }",
                "module \"gantry\" {",
                "  source       = " + source("gantry"),
                "  name         = " + quoted(name()),
                "  function_zip = " + quoted(functionZip),
                "  fleets       = { " + quoted(group.value())
                        + " = { deadline = module.fleet.launch_deadline_seconds } }",
                "}",
                "module \"fleet\" {",
                "  source          = " + source("fleet"),
                "  name            = " + quoted(name()),
                "  group_name      = " + quoted(group.value()),
                "  mode            = \"observe\"",
                "  document        = { name = \"AWS-ApplyAnsiblePlaybooks\", version = " + quoted(documentVersion)
                        + " }",
                "  store           = module.gantry.store",
                "  launch_function = module.gantry.launch_function",
                "}");
    }

    private String source(String module) {
        if (modules.startsWith("/") && !modules.contains("//")) {
            // Terraform copies an absolute folder, and what is before // with it: the modules refer to each other
            // (developer.hashicorp.com/terraform/language/modules/sources, "Modules in Package Sub-directories").
            return quoted(modules + "//" + module);
        }
        boolean isRepository = modules.contains("//") && modules.contains("?");
        // A module's folder stands before the revision: git::https://…//terraform/modules/fleet?ref=v1
        String address = isRepository
                ? modules.substring(0, modules.indexOf('?')) + "/" + module + modules.substring(modules.indexOf('?'))
                : modules + "/" + module;
        return quoted(address);
    }

    /** What its owner has to know before the second apply, which has Gantry decide (mode enforce). */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        found.launchHooks()
                .forEach(hook -> notes.add("launch hook " + hook
                        + " is there already: an instance enters service when both hooks are completed"));
        if (found.hasWarmPool()) {
            notes.add("it has a warm pool: an instance passes the gate twice, on its way in and on its way out");
        }
        notes.add(found.role()
                .map(
                        role -> "before mode enforce give role " + role
                                + " the fleet's policy: resource aws_iam_role_policy with policy = module.fleet.instance_policy")
                .orElse("before mode enforce give the instances' role the fleet's policy"
                        + " (module.fleet.instance_policy); no role could be read"));
        if (!found.missing().isEmpty()) {
            notes.add("its instances' role does not allow " + String.join(", ", found.missing())
                    + ": attach AmazonSSMManagedInstanceCore");
        }
        notes.add(
                "if Terraform makes the group, its resource needs lifecycle { ignore_changes = [suspended_processes] }");
        notes.add("publish a bundle before mode enforce: gantry publish " + Shell.quoted(group.value()) + " --function "
                + name() + "-operator");
        return notes;
    }

    /** As HCL quotes texts: no template begins in it (HCL native syntax, "Template Expressions"). */
    private static String quoted(String text) {
        return "\""
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("${", "$${")
                        .replace("%{", "%%{") + "\"";
    }
}
