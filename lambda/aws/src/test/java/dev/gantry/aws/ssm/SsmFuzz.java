package dev.gantry.aws.ssm;

import dev.gantry.aws.fuzz.FuzzTarget;
import dev.gantry.aws.fuzz.Holds;
import dev.gantry.aws.fuzz.Parts;
import dev.gantry.aws.ssm.output.AnsibleOutput;
import dev.gantry.stored.BundleUrls;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ssm.model.Command;

/** What is read of Systems Manager's answers: commands, invocations, and what Ansible printed. */
public final class SsmFuzz {
    private static final int FINDING = 600;

    private SsmFuzz() {}

    public static List<FuzzTarget> targets() {
        return List.of(
                new FuzzTarget("output", "Ansible's output", List.of(AnsibleOutput.class), SsmFuzz::ansibleOutput),
                new FuzzTarget(
                        "invocation",
                        "an invocation's status, steps and output",
                        List.of(InvocationReport.class, InvocationStatus.class),
                        InvocationFuzz::take),
                new FuzzTarget(
                        "command",
                        "a command's comment and parameters",
                        List.of(CommandRequests.class, BundleUrls.class),
                        SsmFuzz::command));
    }

    private static void ansibleOutput(byte[] input) {
        List<String> parts = Parts.of(input, 2);
        AnsibleOutput.Finding finding = AnsibleOutput.read(parts.get(0), parts.get(1));
        Holds.that(!finding.message().isBlank(), "a finding without a message");
        Holds.that(
                finding.message().length() <= FINDING,
                "a message of " + finding.message().length());
        Holds.that(finding.message().lines().count() == 1, "a message of several lines: " + finding.message());
        Holds.that(finding.task().map(task -> !task.isEmpty()).orElse(true), "a task without a name");
    }

    private static void command(byte[] input) {
        List<String> parts = Parts.of(input, 3);
        Command command = Command.builder()
                .comment(parts.get(0))
                .parameters(Map.of("SourceInfo", List.of(parts.get(1)), "Check", List.of(parts.get(2))))
                .build();
        CommandRequests requests =
                new CommandRequests(new BundleUrls("eu-central-1", "amazonaws.com", "gantry-sandbox"));
        CommandRequests.runOf(command)
                .ifPresent(run ->
                        Holds.that(parts.get(0).contains(run.value()), "a run that the input does not name: " + run));
        requests.bundleOf(command)
                .ifPresent(bundle -> Holds.that(
                        parts.get(1).contains(bundle.sha256()), "a bundle that the input does not name: " + bundle));
    }
}
