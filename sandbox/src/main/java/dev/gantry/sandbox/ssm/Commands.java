package dev.gantry.sandbox.ssm;

import dev.gantry.sandbox.time.Timers;
import dev.gantry.sandbox.wire.AwsError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The commands of the last 30 days and their way to the agents: waves of delivery, MaxConcurrency, MaxErrors,
 * redelivery, timeouts, cancellation. Its monitor guards every command and invocation; agents are called without it.
 */
final class Commands {
    private static final Duration HISTORY = Duration.ofDays(30);

    private final ManagedInstances instances;
    private final CommandEvents events;
    private final Timers timers;
    private final SsmOptions options;
    private final Map<String, Command> commands = new LinkedHashMap<>();

    Commands(ManagedInstances instances, CommandEvents events, Timers timers, SsmOptions options) {
        this.instances = instances;
        this.events = events;
        this.timers = timers;
        this.options = options;
    }

    synchronized Command start(Command.SendRequest request, List<String> targets) {
        commands.values().removeIf(old -> old.requested.plus(HISTORY).isBefore(timers.instant()));
        Command command = new Command(UUID.randomUUID().toString(), request, targets, timers.instant());
        commands.put(command.id, command);
        timers.after(Duration.ofSeconds(request.deliverySeconds()), () -> deliveryEnds(command));
        timers.after(Duration.ofSeconds(request.deliverySeconds() + request.executionSeconds()), () -> expire(command));
        timers.after(Duration.ZERO, () -> pump(command));
        return command;
    }

    /** Newest first, as the service lists them. */
    synchronized List<Command> all() {
        List<Command> newestFirst = new ArrayList<>(commands.values());
        Collections.reverse(newestFirst);
        return newestFirst;
    }

    synchronized Command find(String commandId) {
        return Optional.ofNullable(commands.get(commandId))
                .orElseThrow(
                        () -> AwsError.badRequest("InvalidCommandId", "The command ID " + commandId + " isn't valid."));
    }

    /** Asks for the end of a command, on some of its instances or, with an empty list, on all. */
    void cancel(Command command, List<String> instanceIds) {
        synchronized (this) {
            command.cancelRequested |= instanceIds.isEmpty();
            for (Invocation invocation : command.invocations.values()) {
                if (instanceIds.isEmpty() || instanceIds.contains(invocation.instanceId)) {
                    cancelOne(invocation);
                }
            }
            changed(command);
        }
        pump(command);
    }

    private void cancelOne(Invocation invocation) {
        if (invocation.status.undelivered() && !invocation.delivering) {
            set(invocation, InvocationStatus.CANCELLED);
        } else if (!invocation.status.terminal()) {
            set(invocation, InvocationStatus.CANCELLING);
            instances
                    .reachable(invocation.instanceId)
                    .ifPresent(agent -> timers.after(Duration.ZERO, () -> agent.cancel(invocation.command.id)));
        }
    }

    /** Begins as many deliveries as concurrency, the wave and the errors so far allow. */
    private synchronized void pump(Command command) {
        if (command.tooManyErrors()) {
            command.invocations.values().stream()
                    .filter(invocation -> !invocation.begun && !invocation.status.terminal())
                    .forEach(invocation -> set(invocation, InvocationStatus.TERMINATED));
            changed(command);
            return;
        }
        if (command.count(invocation -> invocation.delivering) > 0) {
            return;
        }
        int busy = command.count(invocation -> invocation.begun && !invocation.status.terminal());
        int places = Math.max(1, command.request.maxConcurrency().of(command.invocations.size())) - busy;
        command.invocations.values().stream()
                .filter(invocation -> !invocation.begun && !invocation.status.terminal())
                .limit(Math.max(0, Math.min(places, command.wave)))
                .toList()
                .forEach(this::begin);
        command.wave = command.wave > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE : command.wave * 2;
    }

    private void begin(Invocation invocation) {
        invocation.begun = true;
        invocation.delivering = true;
        timers.after(options.deliveryTime(), () -> deliver(invocation));
    }

    private void deliver(Invocation invocation) {
        if (!wantsDelivery(invocation)) {
            pump(invocation.command);
            return;
        }
        Optional<NodeAgent> agent = instances.reachable(invocation.instanceId);
        boolean accepted = agent.isPresent() && agent.get().deliver(work(invocation.command), new Reports(invocation));
        delivered(invocation, accepted);
        pump(invocation.command);
    }

    private synchronized boolean wantsDelivery(Invocation invocation) {
        if (invocation.status.undelivered() && instances.exists(invocation.instanceId)) {
            invocation.delivering = true;
            return true;
        }
        invocation.delivering = false;
        if (invocation.status == InvocationStatus.CANCELLING) {
            set(invocation, InvocationStatus.CANCELLED);
        } else if (invocation.status.undelivered()) {
            set(invocation, InvocationStatus.UNDELIVERABLE);
        }
        changed(invocation.command);
        return false;
    }

    private synchronized void delivered(Invocation invocation, boolean accepted) {
        invocation.delivering = false;
        if (invocation.status == InvocationStatus.CANCELLING) {
            cancelOnArrival(invocation, accepted);
            return;
        }
        if (!invocation.status.undelivered()) {
            return;
        }
        if (accepted) {
            set(invocation, InvocationStatus.IN_PROGRESS);
        } else {
            set(invocation, InvocationStatus.DELAYED);
            timers.after(options.redelivery(), () -> deliver(invocation));
        }
        changed(invocation.command);
    }

    /** Cancelled while it was on its way: the agent has it now, and did not know it when it was asked to end it. */
    private void cancelOnArrival(Invocation invocation, boolean accepted) {
        if (accepted) {
            cancelOne(invocation);
        } else {
            set(invocation, InvocationStatus.CANCELLED);
            changed(invocation.command);
        }
    }

    private static Work work(Command command) {
        Command.SendRequest request = command.request;
        return new Work(
                command.id,
                request.document().name(),
                request.document().version().parsed(),
                request.parameters());
    }

    private synchronized void deliveryEnds(Command command) {
        command.invocations.values().stream()
                .filter(invocation -> invocation.status.undelivered())
                .forEach(invocation -> set(invocation, InvocationStatus.DELIVERY_TIMED_OUT));
        changed(command);
    }

    /** An agent that never answered: the API reference calls this DeliveryTimedOut, whatever the instance has done. */
    private synchronized void expire(Command command) {
        command.invocations.values().stream()
                .filter(invocation -> !invocation.status.terminal())
                .forEach(invocation -> set(invocation, InvocationStatus.DELIVERY_TIMED_OUT));
        changed(command);
    }

    private void set(Invocation invocation, InvocationStatus status) {
        String before = invocation.status.status();
        invocation.status = status;
        if (!before.equals(status.status())) {
            events.invocationChanged(invocation);
        }
    }

    private void changed(Command command) {
        if (command.announce()) {
            events.commandChanged(command);
        }
    }

    /** Receives one agent's reports about one invocation; reports after its end are ignored. */
    private final class Reports implements WorkReports {
        private final Invocation invocation;

        Reports(Invocation invocation) {
            this.invocation = invocation;
        }

        @Override
        public void progress(List<StepReport> steps) {
            synchronized (Commands.this) {
                if (!invocation.status.terminal()) {
                    beginsIfItHasNot();
                    invocation.steps = List.copyOf(steps);
                }
            }
        }

        @Override
        public void finished(InvocationStatus status, List<StepReport> steps) {
            synchronized (Commands.this) {
                if (invocation.status.terminal()) {
                    return;
                }
                beginsIfItHasNot();
                invocation.steps = List.copyOf(steps);
                set(invocation, status);
                changed(invocation.command);
            }
            pump(invocation.command);
        }

        private void beginsIfItHasNot() {
            if (invocation.status.undelivered()) {
                set(invocation, InvocationStatus.IN_PROGRESS);
                changed(invocation.command);
            }
        }
    }
}
