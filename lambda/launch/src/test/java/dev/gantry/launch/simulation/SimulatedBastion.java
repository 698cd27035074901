package dev.gantry.launch.simulation;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.port.Commands.Command;
import dev.gantry.launch.port.Commands.RunOrder;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.stay.Reply;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The bastion as Gantry sees it: a queue that takes messages, and objects with answers. */
final class SimulatedBastion implements Bastion {
    private final Wire wire;
    private final Timeline timeline;
    private final Faults faults;
    private final AutoScaling autoScaling;
    private final BastionChannel channel;
    private final BastionInvariants invariants;

    SimulatedBastion(
            Wire wire,
            Timeline timeline,
            Faults faults,
            AutoScaling autoScaling,
            BastionChannel channel,
            BastionInvariants invariants) {
        this.wire = wire;
        this.timeline = timeline;
        this.faults = faults;
        this.autoScaling = autoScaling;
        this.channel = channel;
        this.invariants = invariants;
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public Map<InstanceId, GantryException> ask(Collection<BastionQuestion> questions) {
        return wire.reliably("ask the bastion", () -> {
            Map<InstanceId, GantryException> failed = new TreeMap<>();
            for (BastionQuestion question : questions) {
                if (faults.strikes(FaultKind.BASTION_ASK_FAILS)) {
                    failed.put(question.instance(), unanswered("SendMessage", question.instance()));
                } else {
                    accept(question);
                }
            }
            return failed;
        });
    }

    private void accept(BastionQuestion question) {
        Machine machine = autoScaling.machines().get(question.instance());
        invariants.asked(question, machine);
        if (question.question() == Question.START
                && machine.overTheBastion(question.order().run()).isEmpty()) {
            machine.issued.add(issued(question, machine));
        }
        channel.accept(question, machine);
    }

    /** A run belongs to the stay that asked for it, also if its message comes later. */
    private Issued issued(BastionQuestion question, Machine machine) {
        RunOrder order = question.order();
        Command command = new Command(
                order.fleet().document().name(),
                order.fleet().document().version(),
                Optional.of(order.bundle()),
                Optional.of(order.run()),
                question.at());
        return new Issued(Issued.OVER_THE_BASTION, command, machine, timeline.instant());
    }

    @Override
    public Map<InstanceId, Result<Optional<Reply>>> replies(Map<InstanceId, RunId> runs) {
        return wire.reliably("read answers", () -> {
            Map<InstanceId, Result<Optional<Reply>>> found = new TreeMap<>();
            runs.forEach((instance, run) -> found.put(
                    instance,
                    faults.strikes(FaultKind.OBJECT_FAILS)
                            ? new Result.Err<>(unanswered("GetObject", instance))
                            : new Result.Ok<>(channel.answer(instance, run))));
            return found;
        });
    }

    private static GantryException unanswered(String call, InstanceId instance) {
        return new GantryException.Retryable(call + " for " + instance + ": no answer", null);
    }
}
