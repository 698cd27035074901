package dev.gantry.launch.twin;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Run Command whose runs end when the test says so. Accepts a command as Systems Manager does: for registered agents. Lists
 * can lag, and an answer to a send can be lost on the way, with or without the command.
 */
public final class FakeCommands implements Commands {
    private final Calls calls;
    private final HandClock clock;
    private final FakeAgents agents;
    private final Map<String, Accepted> accepted = new TreeMap<>();
    private final Deque<SendFault> faults = new ArrayDeque<>();
    private final Set<InstanceId> unknown = new TreeSet<>();
    private final List<Expected> expected = new ArrayList<>();
    private Duration lag = Duration.ZERO;

    public FakeCommands(Calls calls, HandClock clock, FakeAgents agents) {
        this.calls = calls;
        this.clock = clock;
        this.agents = agents;
    }

    /** A command that Systems Manager took. */
    public record Accepted(String id, Command command, int attempt, Map<InstanceId, Progress> progress) {}

    private sealed interface SendFault {
        record AnswerLost() implements SendFault {}

        record RequestLost() implements SendFault {}

        record Refusal(GantryException error) implements SendFault {}
    }

    @Override
    public Map<InstanceId, Sent> send(RunOrder order, Collection<InstanceId> instances) {
        return calls.through("commands.send", () -> {
            if (instances.isEmpty() || instances.size() > BATCH) {
                throw new IllegalArgumentException("SendCommand takes 1 to 50 instances");
            }
            Map<InstanceId, Sent> answers = new TreeMap<>();
            Optional<SendFault> fault = Optional.ofNullable(faults.poll());
            List<InstanceId> registered = instances.stream()
                    .filter(i -> agents.isRegistered(i) && !unknown.contains(i))
                    .toList();
            instances.forEach(i -> answers.put(i, new Sent.NotRegistered()));
            if (!registered.isEmpty()) {
                Sent answer = fault.map(f -> faulty(f, order, registered))
                        .orElseGet(() -> new Sent.Accepted(accept(order, registered)));
                registered.forEach(i -> answers.put(i, answer));
            }
            return answers;
        });
    }

    private Sent faulty(SendFault fault, RunOrder order, List<InstanceId> registered) {
        if (fault instanceof SendFault.Refusal refusal) {
            return new Sent.Refused(refusal.error());
        } else if (fault instanceof SendFault.AnswerLost) {
            accept(order, registered);
        }
        return new Sent.Unclear("connection reset");
    }

    private String accept(RunOrder order, List<InstanceId> instances) {
        Command command = new Command(
                order.fleet().document().name(),
                order.fleet().document().version(),
                Optional.of(order.bundle()),
                Optional.of(order.run()),
                clock.instant());
        return accept(command, order.attempt(), instances);
    }

    private String accept(Command command, int attempt, List<InstanceId> instances) {
        String id = String.format("00000000-0000-4000-8000-%012d", accepted.size() + 1);
        Map<InstanceId, Progress> progress = new TreeMap<>();
        instances.forEach(i -> progress.put(i, new Progress.UnderWay("Pending")));
        accepted.put(id, new Accepted(id, command, attempt, progress));
        return id;
    }

    @Override
    public Map<String, Map<InstanceId, Progress>> progress(Collection<String> commandIds) {
        return calls.through("commands.progress", () -> {
            Map<String, Map<InstanceId, Progress>> found = new TreeMap<>();
            commandIds.stream()
                    .filter(accepted::containsKey)
                    .forEach(id -> found.put(id, new TreeMap<>(accepted.get(id).progress())));
            return found;
        });
    }

    @Override
    public Map<String, Map<InstanceId, Progress>> progressOf(Collection<RunQuery> runs, Expected state) {
        expected.add(state);
        return Commands.super.progressOf(runs, state);
    }

    @Override
    public Map<InstanceId, String> find(RunId run, Instant since) {
        return calls.through("commands.find", () -> {
            Map<InstanceId, String> found = new TreeMap<>();
            accepted.values().stream()
                    .filter(a -> a.command().run().equals(Optional.of(run)))
                    .filter(a -> !a.command().requestedAt().isBefore(since))
                    .filter(a -> !a.command().requestedAt().plus(lag).isAfter(clock.instant()))
                    .forEach(a -> a.progress().keySet().forEach(i -> found.put(i, a.id())));
            return found;
        });
    }

    @Override
    public Optional<Command> describe(String commandId) {
        return calls.through("commands.describe", () -> Optional.ofNullable(accepted.get(commandId))
                .map(Accepted::command));
    }

    /** What was expected of the runs that were asked about, one for each question. */
    public List<Expected> expected() {
        return List.copyOf(expected);
    }

    /** The next send takes effect, and its answer is lost. */
    public void loseNextAnswer() {
        faults.add(new SendFault.AnswerLost());
    }

    /** The next send is lost, without an error. */
    public void loseNextRequest() {
        faults.add(new SendFault.RequestLost());
    }

    /** Systems Manager refuses the next send. */
    public void refuseNext(GantryException error) {
        faults.add(new SendFault.Refusal(error));
    }

    /** Systems Manager answers InvalidInstanceId for this instance, although its agent is described as online. */
    public void doesNotKnow(InstanceId instance) {
        unknown.add(instance);
    }

    public void knowsAgain(InstanceId instance) {
        unknown.remove(instance);
    }

    /** New commands are listed only after this time. */
    public void listsLag(Duration time) {
        lag = time;
    }

    /** An operator sends a command. */
    public String sendByHand(String document, String version, Optional<BundleId> bundle, InstanceId instance) {
        Command command = new Command(document, version, bundle, Optional.empty(), clock.instant());
        return accept(command, 0, List.of(instance));
    }

    /** Ends each run on the instance in this way. */
    public void end(InstanceId instance, Verdict verdict) {
        accepted.values().forEach(a -> a.progress()
                .computeIfPresent(
                        instance, (i, p) -> p instanceof Progress.UnderWay ? new Progress.Ended(verdict) : p));
    }

    /** All commands that were accepted for the instance, oldest first. */
    public List<Accepted> on(InstanceId instance) {
        List<Accepted> found = new ArrayList<>();
        accepted.values().stream()
                .filter(a -> a.progress().containsKey(instance))
                .forEach(found::add);
        return found;
    }
}
