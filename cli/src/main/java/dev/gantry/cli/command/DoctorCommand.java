package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.CheckupReader;
import dev.gantry.cli.base.Problem;
import dev.gantry.cli.screen.FindingsScreen;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.DeploymentDoctor;
import dev.gantry.operator.Doctor;
import dev.gantry.operator.Evidence;
import dev.gantry.operator.Finding;
import dev.gantry.operator.GuardDoctor;
import dev.gantry.operator.InstanceDoctor;
import dev.gantry.operator.NetworkDoctor;
import dev.gantry.operator.WiringDoctor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares what exists with what must exist. */
@Command(
        name = "doctor",
        description =
                "Checks what is there against what must be: functions, what leads to them, bucket, key, roles, quotas,"
                        + " fleets, and one instance with its agent and its network.",
        footer = {
            "",
            "Changes nothing. Exit code 1 where a finding stands, 3 where only something could not be read.",
            "Example: gantry doctor web --instance i-0123456789abcdef0"
        })
public final class DoctorCommand extends AccountCommand {
    static final List<String> UNCHECKED = List.of(
            "network access lists",
            "policies of the organization (SCPs)",
            "the pager, and the bastion fallback",
            "routes, endpoints, security groups and role of an instance whose agent is online");

    @Parameters(paramLabel = "FLEET", arity = "0..1", description = "its group's name; all fleets where none is named")
    private FleetName fleet;

    @Option(names = "--instance", paramLabel = "INSTANCE", description = "check this instance and its agent, too")
    private InstanceId instance;

    @Override
    int run(Account account) {
        CheckupReader reader = account.checkups();
        List<Finding> findings = new ArrayList<>(DeploymentDoctor.check(reader.deployed()));
        Collection<FleetName> fleets = fleet == null ? reader.fleets() : Set.of(fleet);
        findings.addAll(WiringDoctor.check(reader.wired()));
        findings.addAll(GuardDoctor.check(reader.guarded(fleets)));
        fleets.forEach(name -> findings.addAll(Doctor.check(reader.fleet(name))));
        if (instance != null) {
            instance(account, reader, findings);
        }
        if (isJson()) {
            print(FindingsScreen.form(findings, UNCHECKED));
        } else {
            show(FindingsScreen.lines(findings, UNCHECKED, terminal()));
        }
        return exitCode(findings);
    }

    private void instance(Account account, CheckupReader reader, List<Finding> findings) {
        Evidence seen = account.evidence().of(instance);
        findings.addAll(InstanceDoctor.check(seen));
        if (InstanceDoctor.mayBeWithoutAgent(seen)) {
            findings.addAll(NetworkDoctor.check(reader.surroundings(instance)));
        }
    }

    private static int exitCode(List<Finding> findings) {
        if (findings.stream().anyMatch(finding -> finding.kind() == Finding.Kind.WRONG)) {
            return Problem.REFUSED;
        }
        return findings.stream().anyMatch(finding -> finding.kind() == Finding.Kind.UNREAD) ? Problem.AWS : DONE;
    }
}
