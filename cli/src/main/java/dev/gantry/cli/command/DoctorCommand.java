package dev.gantry.cli.command;

import dev.gantry.cli.Problem;
import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.CheckupReader;
import dev.gantry.cli.screen.FindingsScreen;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.DeploymentDoctor;
import dev.gantry.operator.Doctor;
import dev.gantry.operator.Finding;
import dev.gantry.operator.InstanceDoctor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks what is there against what must be. */
@Command(
        name = "doctor",
        description = "Checks functions, queues, hooks, settings, document and bundle, and one instance's agent.",
        footer = {
            "",
            "Changes nothing. Exit code 1 where a finding stands, 3 where only something could not be read.",
            "Example: gantry doctor web --instance i-0123456789abcdef0"
        })
public final class DoctorCommand extends AccountCommand {
    static final List<String> UNCHECKED = List.of(
            "rules and their targets",
            "the event source mapping",
            "the sweep's schedule",
            "roles, policies and keys",
            "routes, endpoints and security groups",
            "quotas");

    @Parameters(paramLabel = "FLEET", arity = "0..1", description = "its group's name; all fleets where none is named")
    private FleetName fleet;

    @Option(names = "--instance", paramLabel = "INSTANCE", description = "check this instance and its agent, too")
    private InstanceId instance;

    @Override
    int run(Account account) {
        CheckupReader reader = account.checkups();
        List<Finding> findings = new ArrayList<>(DeploymentDoctor.check(reader.deployed()));
        Collection<FleetName> fleets = fleet == null ? reader.fleets() : Set.of(fleet);
        fleets.forEach(name -> findings.addAll(Doctor.check(reader.fleet(name))));
        if (instance != null) {
            findings.addAll(InstanceDoctor.check(account.evidence().of(instance)));
        }
        if (isJson()) {
            print(FindingsScreen.form(findings, UNCHECKED));
        } else {
            print(FindingsScreen.lines(findings, UNCHECKED, terminal()));
        }
        return exitCode(findings);
    }

    private static int exitCode(List<Finding> findings) {
        if (findings.stream().anyMatch(finding -> finding.kind() == Finding.Kind.WRONG)) {
            return Problem.REFUSED;
        }
        return findings.stream().anyMatch(finding -> finding.kind() == Finding.Kind.UNREAD) ? Problem.AWS : DONE;
    }
}
