package dev.gantry.cli.account;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Failure;
import dev.gantry.operator.Errors;
import dev.gantry.operator.Evidence;
import dev.gantry.operator.RunOutput;
import dev.gantry.stored.ResultLine;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.CommandPlugin;
import software.amazon.awssdk.services.ssm.model.CommandPluginStatus;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;

/**
 * What runs printed, and how long their phases took, as Systems Manager keeps it for 30 days. What has ended does not change,
 * and is asked once.
 */
public final class RunReader {
    private static final int MOST = 200;
    /** Commands that are asked at a time: the others have their phases a moment later. */
    private static final int MOST_AT_A_TIME = 5;
    /** GetCommandInvocation: what the agent keeps of standard output. */
    private static final int LIMIT = 24_000;

    private final SsmClient ssm;
    private final Map<String, Map<InstanceId, Map<String, Duration>>> phases = remembered();
    private final Map<String, RunOutput> outputs = remembered();

    RunReader(SsmClient ssm) {
        this.ssm = ssm;
    }

    private static <V> Map<String, V> remembered() {
        return java.util.Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MOST;
            }
        });
    }

    /** The launches with the phases of their runs, where their document measures them; one that cannot be read has none. */
    public List<Evidence> measured(List<Evidence> launches) {
        AtomicInteger asked = new AtomicInteger();
        return launches.stream().map(seen -> measured(seen, asked)).toList();
    }

    private Evidence measured(Evidence seen, AtomicInteger asked) {
        if (!seen.isMeasured()) {
            return seen;
        }
        Map<String, Map<String, Duration>> found = new HashMap<>();
        for (Attempt run : seen.endedRuns()) {
            String command = run.commandId().orElseThrow();
            if (!phases.containsKey(command) && asked.incrementAndGet() <= MOST_AT_A_TIME) {
                Result<Map<InstanceId, Map<String, Duration>>> read = Calls.tried(() -> phasesOf(command));
                phases.put(
                        command,
                        read instanceof Result.Ok<Map<InstanceId, Map<String, Duration>>> ok ? ok.value() : Map.of());
            }
            Optional.ofNullable(phases.getOrDefault(command, Map.of()).get(seen.instance()))
                    .ifPresent(measured -> found.put(command, measured));
        }
        return seen.with(found);
    }

    /** The phases of a whole batch of up to 50 instances. */
    private Map<InstanceId, Map<String, Duration>> phasesOf(String command) {
        Map<InstanceId, Map<String, Duration>> found = new HashMap<>();
        Calls.said("ListCommandInvocations of command " + command, () -> ssm.listCommandInvocations(request ->
                                request.commandId(command).details(true).maxResults(50))
                        .commandInvocations())
                .forEach(invocation -> invocation.commandPlugins().stream()
                        .map(step -> ResultLine.phases(String.valueOf(step.output())))
                        .filter(measured -> !measured.isEmpty())
                        .forEach(measured -> found.put(new InstanceId(invocation.instanceId()), measured)));
        return found;
    }

    /**
     * What the instance's last run printed, where it ended. If Systems Manager no longer has it, the end of it in the ledger.
     *
     * @param failure of the last run, if it failed
     */
    public Optional<RunOutput> lastOutput(Evidence seen, Optional<Failure> failure) {
        List<Attempt> runs = seen.endedRuns();
        if (runs.isEmpty()) {
            return Optional.empty();
        }
        Attempt run = runs.get(runs.size() - 1);
        String key = run.commandId().orElseThrow() + " " + seen.instance();
        RunOutput known = outputs.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<String> task = failure.flatMap(Failure::task);
        Result<RunOutput> read = Calls.tried(() -> read(seen.instance(), run, task));
        if (read instanceof Result.Ok<RunOutput> ok) {
            outputs.put(key, ok.value());
            return Optional.of(ok.value());
        }
        String why = Errors.words(((Result.Err<RunOutput>) read).error());
        return failure.map(failed -> RunOutput.of(
                "The end of what run " + run.number() + " printed, from the ledger; Systems Manager did not tell: "
                        + why,
                true,
                failed.tail(),
                task));
    }

    private RunOutput read(InstanceId instance, Attempt run, Optional<String> task) {
        String command = run.commandId().orElseThrow();
        String step = Calls.said("ListCommandInvocations of command " + command, () -> ssm.listCommandInvocations(
                                request -> request.commandId(command)
                                        .instanceId(instance.value())
                                        .details(true))
                        .commandInvocations())
                .stream()
                .findFirst()
                .map(RunReader::tellingStep)
                .orElse("");
        GetCommandInvocationResponse answer = Calls.said(
                "GetCommandInvocation of command " + command + " on " + instance,
                () -> ssm.getCommandInvocation(request -> request.commandId(command)
                        .instanceId(instance.value())
                        .pluginName(step.isEmpty() ? null : step)));
        String stdout = ResultLine.after(String.valueOf(answer.standardOutputContent()));
        String stderr = String.valueOf(answer.standardErrorContent());
        return RunOutput.of(
                "What run " + run.number() + " printed" + (step.isEmpty() ? "" : ", step " + step)
                        + ", from Systems Manager",
                stdout.length() >= LIMIT - 100,
                stderr.isBlank() ? stdout : stdout + "\n" + stderr,
                task);
    }

    /** The first step that failed, since later ones are its consequences; otherwise the last. */
    private static String tellingStep(CommandInvocation invocation) {
        List<CommandPlugin> steps = invocation.commandPlugins();
        return steps.stream()
                .filter(step ->
                        step.status() == CommandPluginStatus.FAILED || step.status() == CommandPluginStatus.TIMED_OUT)
                .findFirst()
                .or(() -> steps.stream().reduce((earlier, later) -> later))
                .map(CommandPlugin::name)
                .orElse("");
    }
}
