package dev.gantry.launch.simulation;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Run Command as Gantry sees it: sends can be unclear, lists lag by up to 100 s, less than what proves absence. */
final class SimulatedCommands implements Commands {
    private final Wire wire;
    private final Timeline timeline;
    private final Faults faults;
    private final AutoScaling autoScaling;
    private final Ssm ssm;
    private final Bundles bundles;
    private final Invariants invariants;

    SimulatedCommands(
            Wire wire,
            Timeline timeline,
            Faults faults,
            AutoScaling autoScaling,
            Ssm ssm,
            Bundles bundles,
            Invariants invariants) {
        this.wire = wire;
        this.timeline = timeline;
        this.faults = faults;
        this.autoScaling = autoScaling;
        this.ssm = ssm;
        this.bundles = bundles;
        this.invariants = invariants;
    }

    @Override
    public Map<InstanceId, Sent> send(RunOrder order, Collection<InstanceId> instances) {
        return wire.reliably("send", () -> {
            Map<InstanceId, Sent> answers = new TreeMap<>();
            instances.forEach(i -> answers.put(i, new Sent.NotRegistered()));
            List<Machine> registered = instances.stream()
                    .map(autoScaling.machines()::get)
                    .filter(m -> isRegistered(m))
                    .toList();
            if (!registered.isEmpty()) {
                Sent answer = send(order, registered);
                registered.forEach(m -> answers.put(m.id, answer));
            }
            return answers;
        });
    }

    private boolean isRegistered(Machine machine) {
        return machine.agentAt(timeline.instant()).isPresent()
                && !machine.isLeaving()
                && !faults.strikes(FaultKind.SEND_NOT_REGISTERED);
    }

    private Sent send(RunOrder order, List<Machine> machines) {
        if (ssm.isAway()) {
            invariants.disturbed();
            return new Sent.Unclear("no answer");
        } else if (bundles.is(Bundles.Mistake.SENDS_DENIED)) {
            invariants.disturbed();
            return new Sent.Refused(new GantryException.Misconfigured("SendCommand: InvalidDocument"));
        } else if (faults.strikes(FaultKind.SEND_THROTTLED)) {
            return new Sent.Refused(new GantryException.Retryable("SendCommand: Rate exceeded", null));
        } else if (faults.strikes(FaultKind.SEND_LOST)) {
            return new Sent.Unclear("connection refused");
        }
        invariants.sent(order, machines);
        Command command = new Command(
                order.fleet().document().name(),
                order.fleet().document().version(),
                Optional.of(order.bundle()),
                Optional.of(order.run()),
                timeline.instant());
        String id = ssm.accept(command, machines);
        return faults.strikes(FaultKind.SEND_UNCLEAR) ? new Sent.Unclear("connection reset") : new Sent.Accepted(id);
    }

    @Override
    public Map<String, Map<InstanceId, Progress>> progress(Collection<String> commandIds) {
        return wire.callSsm("list invocations", () -> {
            permitted("ListCommandInvocations");
            Map<String, Map<InstanceId, Progress>> found = new TreeMap<>();
            Instant t = asOf();
            commandIds.forEach(id -> {
                Map<InstanceId, Progress> ofCommand = new TreeMap<>();
                ssm.commands().getOrDefault(id, List.of()).forEach(issued -> issued.at(t)
                        .ifPresent(p -> ofCommand.put(issued.machine.id, p)));
                found.put(id, ofCommand);
            });
            return found;
        });
    }

    @Override
    public Map<InstanceId, String> find(RunId run, Instant since) {
        return wire.callSsm("list commands", () -> {
            permitted("ListCommands");
            Map<InstanceId, String> found = new TreeMap<>();
            ssm.commands().values().stream()
                    .flatMap(List::stream)
                    .filter(issued -> issued.command.run().equals(Optional.of(run)))
                    .filter(issued -> !issued.command.requestedAt().isBefore(since))
                    .filter(issued -> !issued.listedFrom.isAfter(timeline.instant()))
                    .forEach(issued -> found.put(issued.machine.id, issued.id));
            return found;
        });
    }

    @Override
    public Optional<Command> describe(String commandId) {
        return wire.callSsm("describe command", () -> {
            permitted("ListCommands");
            return ssm.commands().getOrDefault(commandId, List.of()).stream()
                    .filter(issued -> !issued.listedFrom.isAfter(timeline.instant()))
                    .map(issued -> issued.command)
                    .findFirst();
        });
    }

    private void permitted(String call) {
        if (bundles.is(Bundles.Mistake.LISTS_DENIED)) {
            invariants.disturbed();
            throw new GantryException.Misconfigured(call + ": AccessDenied");
        }
    }

    private Instant asOf() {
        Duration lag = faults.strikes(FaultKind.LIST_LAGS)
                ? faults.of(FaultKind.LIST_LAGS).seconds(1, 100)
                : Duration.ZERO;
        return timeline.instant().minus(lag);
    }
}
