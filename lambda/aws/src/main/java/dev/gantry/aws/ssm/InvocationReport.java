package dev.gantry.aws.ssm;

import dev.gantry.aws.ssm.output.AnsibleOutput;
import dev.gantry.aws.ssm.output.OutputText;
import dev.gantry.aws.ssm.output.PlayEvidence;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.stored.ResultLine;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.CommandPlugin;
import software.amazon.awssdk.services.ssm.model.CommandPluginStatus;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationRequest;

/**
 * Explains an invocation that failed: the first step that failed, and what its output says. Later steps still run, so their
 * failures are consequences. A success counts as failed if its output proves that nothing was done.
 *
 * <p>GetCommandInvocation gives the 24,000 bytes of standard output that the agent keeps and 8,000 characters of standard error,
 * and needs the step's name for a document of several steps. If it does not answer, the 2,500 bytes of the list are used.
 */
final class InvocationReport {
    private static final Set<CommandPluginStatus> BAD =
            Set.of(CommandPluginStatus.FAILED, CommandPluginStatus.TIMED_OUT);

    /** The steps that fetch the bundle (of AWS-ApplyAnsiblePlaybooks and of the hardened document) and the wheelhouse. */
    private static final Set<String> DOWNLOADS = Set.of("downloadContent", "downloadWheelhouse");

    /**
     * How the agent ends standard error where the shell that it started was ended by a signal of shutdown (executers.ExecuteCommand:
     * the code is -1 unless the agent itself ended it), or where that shell says so of what it had started (128 + 15, 128 + 1).
     * An instance that EC2 takes away during a run, for example by a Spot interruption, ends it so. SIGKILL is none of these:
     * the kernel kills what uses too much memory.
     */
    private static final Pattern SHUTDOWN =
            Pattern.compile("failed to run commands: (signal: (?:terminated|hangup)|exit status (?:143|129))\\s*\\z");

    /** iohandler.TruncateOutput of the agent. */
    private static final String ERROR_TITLE = "\n----------ERROR-------\n";

    private final SsmClient ssm;

    InvocationReport(SsmClient ssm) {
        this.ssm = ssm;
    }

    private record Output(String stdout, String stderr) {
        /** Both streams of the 2,500 bytes that lists show; the agent puts a title between them. */
        static Output ofList(String joined) {
            int title = joined.indexOf(ERROR_TITLE);
            return title < 0
                    ? new Output(joined, "")
                    : new Output(joined.substring(0, title), joined.substring(title + ERROR_TITLE.length()));
        }

        Optional<AnsibleOutput.Finding> damage() {
            return AnsibleOutput.damagedBundle(stdout, stderr);
        }

        PlayEvidence evidence() {
            return PlayEvidence.of(stdout);
        }

        boolean mayShowNoTask() {
            return evidence() == PlayEvidence.NO_TASK
                    || (evidence() == PlayEvidence.UNKNOWN && OutputText.isCut(stdout));
        }

        /** For people: without colours. */
        String whole() {
            String all = stderr.isBlank() ? stdout : stdout + "\n" + stderr;
            return OutputText.plain(all);
        }
    }

    /** Whether a step is known to have run. */
    static InvocationStatus.Steps steps(CommandInvocation invocation) {
        boolean ran = invocation.commandPlugins().stream().anyMatch(step -> BAD.contains(step.status()));
        return ran ? InvocationStatus.Steps.RAN : InvocationStatus.Steps.NOT_KNOWN;
    }

    /**
     * Whether a success must be checked: the list's output proves that something is wrong, or is cut before it proves that a
     * task ran. The hardened document checks itself.
     */
    static boolean isDoubtful(CommandInvocation invocation) {
        List<Output> outputs = invocation.commandPlugins().stream()
                .filter(step -> !DOWNLOADS.contains(orEmpty(step.name())))
                .map(step -> Output.ofList(orEmpty(step.output())))
                .toList();
        if (outputs.stream().anyMatch(output -> ResultLine.isOne(output.stdout()))) {
            return false;
        }
        return outputs.stream().anyMatch(output -> output.damage().isPresent())
                || (outputs.stream().noneMatch(output -> output.evidence() == PlayEvidence.TASKS)
                        && outputs.stream().anyMatch(Output::mayShowNoTask));
    }

    /**
     * The real result of a success. A playbook without a play for this host ends with 0 and has done nothing; AWS's document
     * also applies what it could unpack of a damaged zip. It counts as failed only if the output proves it.
     */
    Verdict succeeded(CommandInvocation invocation) {
        if (!isDoubtful(invocation)) {
            return new Verdict.Succeeded();
        }
        Optional<Verdict> failure = Optional.empty();
        for (CommandPlugin step : invocation.commandPlugins()) {
            boolean telling = !DOWNLOADS.contains(orEmpty(step.name()))
                    && !orEmpty(step.output()).isBlank();
            Output output = telling ? output(invocation, Optional.of(step)) : new Output("", "");
            if (ResultLine.isOne(output.stdout())) {
                return new Verdict.Succeeded();
            }
            if (output.damage().isPresent()) {
                return failed(orEmpty(step.name()), output.damage().get(), output);
            } else if (output.evidence() == PlayEvidence.TASKS) {
                return new Verdict.Succeeded();
            } else if (output.evidence() == PlayEvidence.NO_TASK) {
                failure = Optional.of(failed(orEmpty(step.name()), noTask(output), output));
            }
        }
        return failure.orElseGet(Verdict.Succeeded::new);
    }

    private static AnsibleOutput.Finding noTask(Output output) {
        String which = PlayEvidence.unmatchedPlay(output.stdout())
                .map(pattern -> "the play for '" + pattern + "' matches no host")
                .orElse("no play matches a host");
        return new AnsibleOutput.Finding(
                Optional.empty(),
                "no task ran on this instance: " + which
                        + ". The inventory is localhost, so a play has to say hosts: localhost or hosts: all",
                AnsibleOutput.Fault.BUNDLE);
    }

    private static Verdict failed(String step, AnsibleOutput.Finding finding, Output output) {
        return finding.fault() == AnsibleOutput.Fault.INSTANCE
                ? new Verdict.Refused("step " + step + ": " + finding.message())
                : new Verdict.RunFailed(new Failure(step, finding.task(), finding.message(), 0, output.whole()));
    }

    /**
     * Why it failed. A run that never applied the bundle (it could not be fetched, there is no Ansible) does not count against
     * the bundle: the instance's role, its network or its image has to be repaired. A run that was ended from outside does not
     * count either.
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
        Optional<String> ended = endedFromOutside(output);
        if (ended.isPresent()) {
            return Verdict.Undelivered.bySurroundings("step " + name + " was ended from outside: " + ended.get());
        }
        AnsibleOutput.Finding finding = AnsibleOutput.read(output.stdout(), output.stderr());
        if (DOWNLOADS.contains(name) || finding.fault() == AnsibleOutput.Fault.INSTANCE) {
            return new Verdict.Refused("step " + name + ": " + finding.message());
        }
        return new Verdict.RunFailed(new Failure(name, finding.task(), finding.message(), code, output.whole()));
    }

    private static Optional<String> endedFromOutside(Output output) {
        Matcher ended = SHUTDOWN.matcher(output.stderr());
        return ended.find() ? Optional.of(ended.group(1)) : Optional.empty();
    }

    /** A timeout, with the task that was running. */
    Verdict overran(CommandInvocation invocation) {
        Optional<CommandPlugin> step = firstBad(invocation);
        Output output = output(invocation, step);
        boolean cut = OutputText.isCut(output.stdout());
        Optional<String> task = AnsibleOutput.lastTask(OutputText.plain(output.stdout()));
        String shown = cut
                ? task.map(name -> "; its last task that the output shows is '" + name + "'")
                        .orElse("")
                : "";
        return new Verdict.RunFailed(new Failure(
                step.map(CommandPlugin::name).orElse("the document"),
                cut ? Optional.empty() : task,
                "the run was ended because it took longer than the fleet's runTimeoutSeconds allow" + shown,
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
        return Output.ofList(
                step.map(CommandPlugin::output).map(InvocationReport::orEmpty).orElse(""));
    }

    private static String orEmpty(String text) {
        return Optional.ofNullable(text).orElse("");
    }
}
