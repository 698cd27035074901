package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ec2.Ec2;
import dev.gantry.sandbox.ec2.GuestSoftware;
import dev.gantry.sandbox.ec2.Machine;
import dev.gantry.sandbox.ssm.InvocationStatus;
import dev.gantry.sandbox.ssm.ManagedInstances;
import dev.gantry.sandbox.ssm.NodeAgent;
import dev.gantry.sandbox.ssm.NodeInfo;
import dev.gantry.sandbox.ssm.StepReport;
import dev.gantry.sandbox.ssm.Work;
import dev.gantry.sandbox.ssm.WorkReports;
import dev.gantry.sandbox.time.Timers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * The SSM agent of one instance: registers some time after boot, runs five commands at a time and queues five more, and
 * resumes after a reboot what the reboot interrupted. It has no thread; its monitor guards its lists and is never held
 * while it calls other objects.
 */
final class Agent implements GuestSoftware, NodeAgent {
    private static final int AT_ONCE = 5;
    private static final int BUFFER = 5;

    private final Machine machine;
    private final Ec2.LaunchSpec spec;
    private final ManagedInstances instances;
    private final Timers timers;
    private final AgentOptions options;
    private final Map<String, Plugin> plugins;
    private final Map<String, DocumentRun> running = new LinkedHashMap<>();
    private final Queue<Job> waiting = new ArrayDeque<>();
    private Runnable cancelRegistration = () -> {};

    private record Job(Work work, WorkReports reports) {}

    Agent(
            Machine machine,
            Ec2.LaunchSpec spec,
            ManagedInstances instances,
            Timers timers,
            AgentOptions options,
            Map<String, Plugin> plugins) {
        this.machine = machine;
        this.spec = spec;
        this.instances = instances;
        this.timers = timers;
        this.options = options;
        this.plugins = plugins;
    }

    @Override
    public void up() {
        options.registration().delay(machine.instanceId(), spec.tags()).ifPresent(delay -> {
            Runnable cancel = timers.after(delay, this::register);
            synchronized (this) {
                cancelRegistration = cancel;
            }
        });
    }

    @Override
    public void down() {
        Runnable cancel;
        synchronized (this) {
            cancel = cancelRegistration;
            cancelRegistration = () -> {};
        }
        cancel.run();
        instances.silent(machine.instanceId());
    }

    @Override
    public void terminated() {
        down();
        instances.terminated(machine.instanceId());
    }

    @Override
    public boolean deliver(Work work, WorkReports reports) {
        Job job = new Job(work, reports);
        synchronized (this) {
            if (running.size() >= AT_ONCE) {
                return waiting.size() < BUFFER && waiting.add(job);
            }
        }
        begin(job);
        return true;
    }

    @Override
    public void cancel(String commandId) {
        DocumentRun run;
        List<Job> dropped = new ArrayList<>();
        synchronized (this) {
            run = running.get(commandId);
            waiting.stream()
                    .filter(job -> job.work().commandId().equals(commandId))
                    .forEach(dropped::add);
            waiting.removeAll(dropped);
        }
        if (run != null) {
            run.cancel();
        }
        dropped.forEach(job -> job.reports().finished(InvocationStatus.CANCELLED, List.of()));
    }

    private void register() {
        NodeInfo info = new NodeInfo(
                machine.instanceId(),
                machine.privateIp(),
                "ip-" + machine.privateIp().replace('.', '-') + "." + options.region() + ".compute.internal",
                machine.platformName(),
                machine.platformVersion(),
                options.version(),
                spec.tags());
        instances.connected(info, this);
        List<DocumentRun> interrupted;
        synchronized (this) {
            interrupted = List.copyOf(running.values());
        }
        interrupted.forEach(DocumentRun::resume);
    }

    private void begin(Job job) {
        Work work = job.work();
        Interpolation values = Interpolation.ofCommand(work.document(), work.parameters(), options.understandsEnvVar());
        DocumentRun run = run(work.document(), values, place(work)).rebootBy(machine::reboot);
        synchronized (this) {
            running.put(work.commandId(), run);
        }
        run.start(
                outcomes -> job.reports().progress(reports(outcomes)),
                (status, outcomes) -> end(job, status.shown(), reports(outcomes)));
    }

    private void end(Job job, InvocationStatus status, List<StepReport> steps) {
        Job next;
        synchronized (this) {
            running.remove(job.work().commandId());
            next = waiting.poll();
        }
        job.reports().finished(status, steps);
        if (next != null) {
            begin(next);
        }
    }

    /** A document inside another one. */
    DocumentRun run(JsonNode document, Map<String, JsonNode> parameters, Place place) {
        return run(document, Interpolation.of(document, parameters, options.understandsEnvVar()), place);
    }

    private DocumentRun run(JsonNode document, Interpolation values, Place place) {
        return new DocumentRun(document, values, place, plugins, timers);
    }

    private static List<StepReport> reports(List<StepOutcome> outcomes) {
        return outcomes.stream().map(StepOutcome::report).toList();
    }

    private Place place(Work work) {
        Map<String, String> environment = Map.of(
                "AWS_SSM_REGION_NAME", options.region(),
                "AWS_SSM_INSTANCE_ID", machine.instanceId(),
                "AWS_SSM_PLATFORM_NAME", machine.platformName(),
                "AWS_SSM_PLATFORM_VERSION", machine.platformVersion(),
                "SSM_COMMAND_ID", work.commandId());
        return new Place(machine.instanceId(), work.commandId(), environment, 0);
    }
}
