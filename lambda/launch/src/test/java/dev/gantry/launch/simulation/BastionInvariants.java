package dev.gantry.launch.simulation;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Bastion.BastionQuestion;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.simulation.Coverage.Situation;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold for the two channels together, whatever goes wrong on either. */
final class BastionInvariants {
    /** Maximum age of what a decision is based on: the function's timeout, and the lag of lists. */
    private static final Duration SEEN = Scenario.FUNCTION_TIMEOUT.plusSeconds(40);

    private static final Duration PAUSE = Duration.ofSeconds(15);
    /** The number of looks in a row without an answer that count as a silence. */
    private static final int LOOKS = 3;

    private final Timeline timeline;
    private final Settings settings;
    private final Coverage coverage;
    private final Deque<Instant> unanswered = new ArrayDeque<>();
    private final Map<String, Instant> lastAsked = new HashMap<>();
    private final Set<String> finished = new HashSet<>();
    private SimulatedLedger ledger;
    private Invariants common;
    private Map<InstanceId, Machine> machines = Map.of();

    BastionInvariants(Timeline timeline, Settings settings, Coverage coverage) {
        this.coverage = coverage;
        this.timeline = timeline;
        this.settings = settings;
    }

    void connect(SimulatedLedger theLedger, Invariants theOthers, Map<InstanceId, Machine> theMachines) {
        ledger = theLedger;
        common = theOthers;
        machines = theMachines;
    }

    /** Called when Systems Manager does not answer a call. */
    void unanswered() {
        unanswered.addLast(timeline.instant());
        if (unanswered.size() > LOOKS) {
            unanswered.removeFirst();
        }
    }

    /** Called when a record is stored: a run that is claimed for the bastion has a true reason. */
    void written(InstanceId instance, Optional<Stay> before, Stay after) {
        noClaimBesideAnother(instance, after);
        for (Attempt attempt : after.attempts()) {
            boolean isNew = attempt.isOverTheBastion()
                    && before.stream()
                            .flatMap(b -> b.attempts().stream())
                            .noneMatch(b -> b.isOverTheBastion() && b.runId().equals(attempt.runId()));
            if (isNew) {
                fallsBackOnlyAfterItsDeadline(instance, after, attempt);
                fallsBackOnlyForAReasonThatIsTrue(instance, after, attempt);
                theSameAttemptKeepsItsRun(instance, before.filter(b -> b.number() == after.number()), attempt);
                count(before, attempt);
            }
            if (attempt.isOverTheBastion() && !attempt.isUnderWay()) {
                ended(before, attempt);
            }
        }
    }

    /** For both channels: no other run follows a run whose end is unknown. */
    private static void noClaimBesideAnother(InstanceId instance, Stay stay) {
        // A command by hand has ended when Gantry learns of it.
        Optional<RunId> last = stay.lastAttempt().filter(Attempt::isUnderWay).map(Attempt::runId);
        boolean isAnotherOpen = stay.attempts().stream()
                .filter(a -> last.isPresent() && !last.equals(Optional.of(a.runId())))
                .anyMatch(a -> a.isUnderWay() && a.mayHaveBegun());
        if (isAnotherOpen) {
            throw broken("noClaimBesideAnother", instance, "two runs are open: " + Words.of(stay));
        }
    }

    private void count(Optional<Stay> before, Attempt attempt) {
        String why = attempt.detour().orElseThrow().why();
        boolean isReused = before.stream().flatMap(b -> b.attempts().stream()).anyMatch(b -> b.runId()
                .equals(attempt.runId()));
        coverage.count(
                why.contains("agent")
                        ? Situation.FELL_BACK_WITHOUT_AN_AGENT
                        : why.contains("not answered")
                                ? Situation.FELL_BACK_AFTER_A_SILENCE
                                : Situation.FELL_BACK_AFTER_AN_UNDELIVERED_RUN);
        if (isReused) {
            coverage.count(
                    attempt.commandId().isPresent()
                            ? Situation.SENT_RUN_MOVED_TO_THE_BASTION
                            : Situation.CLAIMED_RUN_MOVED_TO_THE_BASTION);
        }
    }

    private void ended(Optional<Stay> before, Attempt attempt) {
        boolean isNew = before.stream()
                .flatMap(b -> b.attempts().stream())
                .anyMatch(b -> b.isUnderWay() && b.runId().equals(attempt.runId()));
        if (isNew && attempt.succeeded()) {
            coverage.count(Situation.SUCCEEDED_OVER_THE_BASTION);
        } else if (isNew && attempt.failure().isPresent()) {
            coverage.count(Situation.FAILED_OVER_THE_BASTION);
        }
    }

    private void fallsBackOnlyAfterItsDeadline(InstanceId instance, Stay stay, Attempt attempt) {
        Instant now = attempt.claimedAt();
        Duration after = settings.least(
                now.minus(Invariants.STALE), now, p -> p.fallback().after());
        boolean isUsed = settings.everWas(
                now.minus(Invariants.STALE), now, p -> p.fallback().isUsed());
        if (!isUsed || now.isBefore(stay.openedAt().plus(after))) {
            throw broken("fallsBackOnlyAfterItsDeadline", instance, "it falls back at once: " + Words.of(stay));
        }
    }

    private void fallsBackOnlyForAReasonThatIsTrue(InstanceId instance, Stay stay, Attempt attempt) {
        Machine machine = machines.get(instance);
        boolean isTrue = wasAway(machine, stay) || wasSilent(stay) || wasUndelivered(machine, stay);
        if (!isTrue || attempt.detour().orElseThrow().why().isBlank()) {
            throw broken(
                    "fallsBackOnlyForAReasonThatIsTrue",
                    instance,
                    "it falls back for a reason that is not true: "
                            + attempt.detour().orElseThrow().why());
        }
    }

    private boolean wasAway(Machine machine, Stay stay) {
        Instant now = timeline.instant();
        for (Instant t = now.minus(SEEN); !t.isAfter(now); t = t.plusSeconds(1)) {
            Optional<Agent> agent = machine.agentAt(t);
            if (agent.filter(a -> a.isReachable(stay.earlierClosed())).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private boolean wasSilent(Stay stay) {
        return unanswered.size() == LOOKS && !unanswered.getFirst().isBefore(stay.openedAt());
    }

    private static boolean wasUndelivered(Machine machine, Stay stay) {
        return machine.issued.stream()
                .filter(one -> !one.isOverTheBastion()
                        && stay.attempts().stream()
                                .anyMatch(a -> one.command.run().equals(Optional.of(a.runId()))))
                .anyMatch(one ->
                        one.progress() instanceof Progress.Ended end && end.verdict() instanceof Verdict.Undelivered);
    }

    private static void theSameAttemptKeepsItsRun(InstanceId instance, Optional<Stay> before, Attempt attempt) {
        boolean isRenamed = before.stream()
                .flatMap(b -> b.attempts().stream())
                .anyMatch(b -> b.number() == attempt.number() && !b.runId().equals(attempt.runId()));
        if (isRenamed) {
            throw broken("theSameAttemptKeepsItsRun", instance, attempt.runId() + " takes another run's place");
        }
    }

    /** Called when a message is put into the queue. */
    void asked(BastionQuestion question, Machine machine) {
        if (machine.hasAgent(timeline.instant())) {
            coverage.count(Situation.AGENT_ONLINE_DURING_A_BASTION_RUN);
        }
        noQuestionWithoutItsClaim(question, machine);
        questionsAreFarApart(question, machine);
        boolean isOver = machine.overTheBastion(question.order().run())
                .filter(Issued::isOver)
                .isPresent();
        // A run that is over is known on its instance, which answers with its end.
        if (question.question() == Question.START && !isOver) {
            common.noRunBesideAnother(question.order().run(), machine);
        }
    }

    private void noQuestionWithoutItsClaim(BastionQuestion question, Machine machine) {
        Optional<Stay> stay = ledger.stay(machine.id);
        boolean isClaimed = ledger.begunBySomeWorker(machine.id)
                .anyMatch(a -> a.isOverTheBastion()
                        && a.runId().equals(question.order().run())
                        && a.bundle().equals(question.order().bundle())
                        && a.number() == question.order().attempt());
        // Another worker can have been faster: then the run ended, and its record was deleted, between the claim and
        // the question.
        boolean isOver = stay.isEmpty() && ledger.wasDeleted(machine.id);
        if (!isClaimed && !isOver) {
            throw broken(
                    "noQuestionWithoutItsClaim",
                    machine.id,
                    question.question() + " " + question.order().run() + " is asked, but the record is "
                            + stay.map(Words::of));
        }
    }

    /** At most one message every 15 s, except for a cancellation. */
    private void questionsAreFarApart(BastionQuestion question, Machine machine) {
        String key = machine.id + " " + question.order().run();
        Instant now = question.at();
        Optional<Instant> last = Optional.ofNullable(lastAsked.get(key));
        if (question.question() != Question.CANCEL) {
            lastAsked.put(key, now);
            last.filter(at -> Duration.between(at, now).abs().compareTo(PAUSE) < 0)
                    .ifPresent(at -> {
                        throw broken("questionsAreFarApart", machine.id, "asked at " + at + " and again at " + now);
                    });
        }
    }

    /** Called when a run ends on its instance. */
    void finished(Issued one) {
        if (!finished.add(one.machine.id + " " + one.run())) {
            throw broken("noRunIsFinishedTwice", one.machine.id, one.run() + " ended before");
        }
    }

    private static Violation broken(String invariant, InstanceId instance, String message) {
        return new Violation(invariant, "instance " + instance + ": " + message);
    }
}
