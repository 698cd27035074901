package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.base.Problem;
import dev.gantry.cli.screen.AdoptionScreen;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.operator.Adoption;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The Terraform for a group that is there already. */
@Command(
        name = "init",
        description =
                "Prints the Terraform that takes an existing group into Gantry's care, watched at first, with its alarms.",
        footer = {
            "",
            "Changes nothing. What its owner has to know beside goes to standard error.",
            "Example: gantry init web >gantry.tf"
        })
public final class InitCommand extends AccountCommand {
    @Parameters(paramLabel = "GROUP", description = "the Auto Scaling group")
    private FleetName group;

    @Option(
            names = "--modules",
            paramLabel = "SOURCE",
            description =
                    "where Terraform finds Gantry's modules: a folder, or git::https://…//terraform/modules?ref=v…"
                            + " (default: those of this repository)")
    private String modules;

    @Option(
            names = "--package",
            paramLabel = "ZIP",
            description = "the functions' zip (default: what Maven builds in this repository)")
    private String functionZip;

    @Override
    int run(Account account) {
        Adoption adoption = account.adoptions()
                .read(
                        group,
                        Optional.ofNullable(modules).orElseGet(() -> home() + "/terraform/modules"),
                        Optional.ofNullable(functionZip)
                                .orElseGet(() -> home() + "/lambda/function/target/gantry-function.zip"));
        if (isJson()) {
            print(AdoptionScreen.form(adoption));
            return DONE;
        }
        print(adoption.terraform());
        adoption.notes().forEach(note -> spec().commandLine().getErr().println("gantry: " + note));
        return DONE;
    }

    /** The repository, as the launcher says; a release has none. */
    private static String home() {
        return Optional.ofNullable(System.getProperty("gantry.home"))
                .orElseThrow(() -> new Problem(
                        Problem.USAGE, "say --modules and --package: this gantry was not started from a repository"));
    }
}
