package dev.gantry.aws;

import dev.gantry.launch.Failure;
import dev.gantry.launch.Verdict;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.CommandPlugin;
import software.amazon.awssdk.services.ssm.model.CommandPluginStatus;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationRequest;

/**
 * Explains an invocation that failed: the first step that failed, and what its output says. The steps after it run on
 * regardless, so theirs are the consequences.
 *
 * <p>GetCommandInvocation gives 24,000 characters of standard output and 8,000 of standard error, and wants the step's name for
 * a document of several steps; where it does not answer, the 2,500 characters of the invocation's own list have to do.
 */
final class InvocationReport {
    private static final Set<CommandPluginStatus> BAD =
            Set.of(CommandPluginStatus.FAILED, CommandPluginStatus.TIMED_OUT);

    /** The steps that fetch the bundle (of AWS-ApplyAnsiblePlaybooks and of the hardened document) and the wheelhouse. */
    private static final Set<String> DOWNLOADS = Set.of("downloadContent", "downloadWheelhouse");

    private final SsmClient ssm;

    InvocationReport(SsmClient ssm) {
        this.ssm = ssm;
    }

    private record Output(String stdout, String stderr) {
        String whole() {
            return stderr.isBlank() ? stdout : stdout + "\n" + stderr;
        }
    }

    /** Whether a step is known to have run. */
    static boolean ran(CommandInvocation invocation) {
        return invocation.commandPlugins().stream().anyMatch(step -> BAD.contains(step.status()));
    }

    /**
     * Why it failed. A run in which the bundle never came to be applied (it could not be fetched, there is no Ansible) does
     * not speak against the bundle: somebody has to repair the instance's role, its network or its image.
     */
    Verdict failed(CommandInvocation invocation) {
        Optional<CommandPlugin> step = firstBad(invocation);
        String name = step.map(CommandPlugin::name).orElse("the document");
        Output output = output(invocation, step);
        int code = step.map(CommandPlugin::responseCode).orElse(-1);
        Optional<ResultLine> line = ResultLine.ofFailure(output.stdout());
        if (line.isPresent()) {
            return line.get().verdict(name, code, new Output(line.get().rest(), output.stderr()).whole());
        }
        AnsibleOutput.Finding finding = AnsibleOutput.read(output.stdout(), output.stderr());
        if (DOWNLOADS.contains(name) || finding.fault() == AnsibleOutput.Fault.INSTANCE) {
            return new Verdict.Refused("step " + name + ": " + finding.message());
        }
        return new Verdict.RunFailed(new Failure(name, finding.task(), finding.message(), code, output.whole()));
    }

    /** That it ran longer than it may, and where it was. */
    Verdict overran(CommandInvocation invocation) {
        Optional<CommandPlugin> step = firstBad(invocation);
        Output output = output(invocation, step);
        return new Verdict.RunFailed(new Failure(
                step.map(CommandPlugin::name).orElse("the document"),
                AnsibleOutput.lastTask(output.stdout()),
                "the run was ended because it took longer than the fleet's runTimeoutSeconds allow",
                step.map(CommandPlugin::responseCode).orElse(-1),
                output.whole()));
    }

    private static Optional<CommandPlugin> firstBad(CommandInvocation invocation) {
        return invocation.commandPlugins().stream()
                .filter(step -> BAD.contains(step.status()))
                .findFirst();
    }

    private Output output(CommandInvocation invocation, Optional<CommandPlugin> step) {
        GetCommandInvocationRequest.Builder request = GetCommandInvocationRequest.builder()
                .commandId(invocation.commandId())
                .instanceId(invocation.instanceId());
        step.map(CommandPlugin::name).filter(name -> !name.startsWith("aws:")).ifPresent(request::pluginName);
        try {
            var answer = ssm.getCommandInvocation(request.build());
            Output full = new Output(orEmpty(answer.standardOutputContent()), orEmpty(answer.standardErrorContent()));
            return full.whole().isBlank() ? brief(step) : full;
        } catch (SdkException e) {
            return brief(step);
        }
    }

    private static Output brief(Optional<CommandPlugin> step) {
        return new Output(
                step.map(CommandPlugin::output).map(InvocationReport::orEmpty).orElse(""), "");
    }

    private static String orEmpty(String text) {
        return Optional.ofNullable(text).orElse("");
    }
}
