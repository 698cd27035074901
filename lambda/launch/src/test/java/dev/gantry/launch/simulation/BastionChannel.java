package dev.gantry.launch.simulation;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Bastion.BastionQuestion;
import dev.gantry.launch.simulation.Coverage.Situation;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Reply.Said;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The queue, the bastion's function and the instances behind it: messages are lost, doubled and late, exchanges fail before
 * and after they took effect, and answers are lost, or written so late that they take the place of newer ones.
 */
final class BastionChannel {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Timeline timeline;
    private final Faults faults;
    private final Trace trace;
    private final Dice dice;
    private final Guests guests;
    private final Coverage coverage;
    private final Map<String, Reply> answers = new HashMap<>();

    BastionChannel(Timeline timeline, Faults faults, Trace trace, Dice dice, Guests guests, Coverage coverage) {
        this.coverage = coverage;
        this.timeline = timeline;
        this.faults = faults;
        this.trace = trace;
        this.dice = dice;
        this.guests = guests;
    }

    /** The newest answer that was written. */
    Optional<Reply> answer(InstanceId instance, RunId run) {
        return Optional.ofNullable(answers.get(key(instance, run)));
    }

    private static String key(InstanceId instance, RunId run) {
        return run + "/" + instance;
    }

    /** The queue has taken a message. */
    void accept(BastionQuestion question, Machine machine) {
        if (faults.strikes(FaultKind.BASTION_MESSAGE_LOST)) {
            return;
        }
        deliver(question, machine);
        if (faults.strikes(FaultKind.BASTION_MESSAGE_DOUBLED)) {
            deliver(question, machine);
        }
    }

    private void deliver(BastionQuestion question, Machine machine) {
        Duration delay = faults.strikes(FaultKind.BASTION_MESSAGE_LATE)
                ? faults.of(FaultKind.BASTION_MESSAGE_LATE).seconds(20, 900)
                : dice.millis(200, 3000);
        timeline.in(delay, () -> exchange(question, machine));
    }

    private void exchange(BastionQuestion question, Machine machine) {
        if (question.question() == Question.CANCEL) {
            coverage.count(Situation.CANCELLATION_REQUESTED);
        }
        Said said = said(question, machine);
        Reply reply = new Reply(question.order().run(), machine.id, question.at(), said);
        trace.say(() -> machine.id + " asked over the bastion to " + question.question() + " "
                + question.order().run() + ": " + said);
        if (!faults.strikes(FaultKind.BASTION_ANSWER_LOST)) {
            Duration time = faults.strikes(FaultKind.BASTION_ANSWER_LATE)
                    ? faults.of(FaultKind.BASTION_ANSWER_LATE).seconds(5, 300)
                    : dice.seconds(1, (int) LIMIT.toSeconds());
            timeline.in(time, () -> write(reply));
        }
    }

    private void write(Reply reply) {
        Optional<Reply> before = answer(reply.instance(), reply.run());
        if (before.filter(b -> b.askedAt().isAfter(reply.askedAt())).isPresent()) {
            coverage.count(Situation.NEWER_ANSWER_OVERWRITTEN_BY_AN_OLDER_ONE);
        }
        answers.put(key(reply.instance(), reply.run()), reply);
    }

    private Said said(BastionQuestion question, Machine machine) {
        if (!Guests.isUp(machine) || faults.strikes(FaultKind.BASTION_AWAY)) {
            coverage.count(Situation.INSTANCE_NOT_REACHED);
            return new Said.Failed(Trouble.Kind.RETRYABLE, "the instance was not reached");
        } else if (faults.strikes(FaultKind.BASTION_REFUSED)) {
            coverage.count(Situation.HOST_KEY_CHANGED);
            return new Said.Failed(Trouble.Kind.MISCONFIGURED, "the host key has changed");
        }
        Said said = Guests.known(machine, question.order().run().value())
                .map(known -> about(question, machine, known))
                .orElseGet(() -> unknown(question, machine));
        return faults.strikes(FaultKind.BASTION_CUT)
                ? new Said.Failed(Trouble.Kind.RETRYABLE, "the connection was cut")
                : said;
    }

    private Said unknown(BastionQuestion question, Machine machine) {
        if (question.question() == Question.START) {
            return begin(question, machine);
        }
        coverage.count(Situation.RUN_UNKNOWN_ON_THE_INSTANCE);
        return new Said.Unknown();
    }

    private Said about(BastionQuestion question, Machine machine, Guests.Known known) {
        if (question.question() == Question.CANCEL && !known.isOver()) {
            guests.end(machine, question.order().run().value(), Guests.State.CANCELLED);
            return new Said.Ended(new Verdict.Undelivered("cancelled"));
        }
        boolean beganHere = machine.overTheBastion(question.order().run())
                .filter(one -> one.isStarted)
                .isPresent();
        if (!beganHere) {
            coverage.count(Situation.RUN_BEGUN_BY_THE_OTHER_CHANNEL);
        } else if (question.question() == Question.START) {
            coverage.count(Situation.START_REPEATED_WITHOUT_A_SECOND_RUN);
        }
        if (known.state() == Guests.State.INTERRUPTED) {
            coverage.count(Situation.RUN_INTERRUPTED);
        }
        return known.isOver() ? new Said.Ended(known.verdict()) : new Said.UnderWay();
    }

    private Said begin(BastionQuestion question, Machine machine) {
        if (faults.strikes(FaultKind.BASTION_LOCK_HELD)) {
            guests.holdTheLock(machine, faults.of(FaultKind.BASTION_LOCK_HELD).seconds(10, 300));
        }
        Optional<String> holder = Guests.holder(machine);
        if (holder.isPresent()) {
            coverage.count(Situation.LOCK_HELD);
            return new Said.Busy(holder.get());
        }
        machine.overTheBastion(question.order().run()).ifPresent(one -> guests.begin(one, verdict -> {}));
        return new Said.UnderWay();
    }
}
