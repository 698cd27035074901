package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision.Ask;
import dev.gantry.launch.decide.Decision.FallBack;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.port.Bastion.BastionQuestion;
import dev.gantry.launch.port.Commands.RunOrder;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.IdSource;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.stay.Stay;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Claims runs for the bastion, and asks about them. The claim, and the time of each question, are in the ledger before the
 * message is sent, so only one of two workers asks. A message that was never sent is repeated like a lost one.
 */
final class BastionAct {
    private final Bastion bastion;
    private final LedgerWriter ledger;
    private final Journal journal;
    private final InstantSource clock;
    private final IdSource ids;

    BastionAct(Ports ports, LedgerWriter ledger) {
        this.ledger = ledger;
        this.bastion = ports.bastion();
        this.journal = ports.journal();
        this.clock = ports.clock();
        this.ids = ports.ids();
    }

    /** Claims each instance's run and asks the instance to begin it; the answer has those that were claimed and asked. */
    Acted fallBack(FleetFacts facts, Map<ObservedInstance, FallBack> wanted) {
        List<ObservedInstance> claims = new ArrayList<>();
        wanted.forEach((c, fallBack) -> claims.add(c.with(claim(c.stay(), fallBack))));
        Acted claimed = ledger.store(facts.name(), claims);
        claimed.instances().forEach(c -> logClaim(facts, c));
        return Acted.none(claimed.outcomes()).then(send(facts, claimed.instances(), Question.START));
    }

    private Stay claim(Stay stay, FallBack fallBack) {
        Instant now = clock.instant();
        String owner = ids.owner();
        Optional<RunId> reuse = fallBack.reuse();
        if (reuse.isPresent()) {
            return stay.changing(reuse.get(), a -> a.overTheBastion(owner, fallBack.why(), now));
        }
        return stay.with(Attempt.claimed(fallBack.attempt(), ids.run(), owner, fallBack.bundle(), now)
                .overTheBastion(owner, fallBack.why(), now));
    }

    private void logClaim(FleetFacts facts, ObservedInstance c) {
        Attempt run = run(c);
        journal.log(
                EventType.FELL_BACK,
                Map.of(
                        "fleet", facts.name().value(),
                        "instance", c.instance().value(),
                        "run", run.runId().value(),
                        "attempt", run.number(),
                        "bundle", run.bundle().sha256(),
                        "command", run.commandId().orElse(""),
                        "why", run.detour().orElseThrow().why()));
    }

    /** Asks about each instance's run; the answer has those that were asked. */
    Acted ask(FleetFacts facts, Map<ObservedInstance, Ask> wanted) {
        Acted asked = Acted.NOTHING;
        for (Question question : Question.values()) {
            Acted noted = ledger.store(
                    facts.name(),
                    wanted.entrySet().stream()
                            .filter(e -> e.getValue().question() == question)
                            .map(e -> noted(e.getKey(), e.getValue()))
                            .toList());
            asked = asked.then(Acted.none(noted.outcomes())).then(send(facts, noted.instances(), question));
        }
        return asked;
    }

    private ObservedInstance noted(ObservedInstance c, Ask ask) {
        Instant now = clock.instant();
        return c.with(c.stay().changing(ask.run(), a -> a.asked(now)));
    }

    /** Best effort: the instance is about to be terminated, and nothing waits for its run. */
    void cancel(FleetFacts facts, List<ObservedInstance> abandoned) {
        List<BastionQuestion> questions = abandoned.stream()
                .filter(c -> c.stay()
                        .lastAttempt()
                        .filter(a -> a.isUnderWay() && a.isOverTheBastion())
                        .isPresent())
                .map(c -> question(facts, c, Question.CANCEL, clock.instant()))
                .toList();
        if (!questions.isEmpty()) {
            log(facts, Question.CANCEL, questions, bastion.ask(questions));
        }
    }

    private Acted send(FleetFacts facts, List<ObservedInstance> instances, Question question) {
        if (instances.isEmpty()) {
            return Acted.NOTHING;
        }
        List<BastionQuestion> questions = instances.stream()
                .map(c -> question(
                        facts, c, question, run(c).detour().orElseThrow().askedAt()))
                .toList();
        Map<InstanceId, GantryException> failed = bastion.ask(questions);
        log(facts, question, questions, failed);
        Acted sent = Acted.NOTHING;
        for (ObservedInstance c : instances) {
            sent = sent.then(Optional.ofNullable(failed.get(c.instance()))
                    .map(error -> Acted.none(Outcomes.failed(c, error)))
                    .orElseGet(() -> Acted.on(c)));
        }
        return sent;
    }

    private static BastionQuestion question(FleetFacts facts, ObservedInstance c, Question question, Instant at) {
        Attempt run = run(c);
        return new BastionQuestion(
                question, new RunOrder(facts.fleet(), run.bundle(), run.runId(), run.number()), c.instance(), at);
    }

    private static Attempt run(ObservedInstance c) {
        return c.stay().lastAttempt().orElseThrow();
    }

    private void log(
            FleetFacts facts,
            Question question,
            List<BastionQuestion> questions,
            Map<InstanceId, GantryException> failed) {
        Map<String, String> runs = new java.util.TreeMap<>();
        questions.forEach(q -> runs.put(
                q.instance().value(),
                Optional.ofNullable(failed.get(q.instance()))
                        .map(error -> "not sent: " + error.getMessage())
                        .orElse(q.order().run().value())));
        journal.log(
                EventType.BASTION_ASKED,
                Map.of("fleet", facts.name().value(), "question", question.name(), "runs", runs));
    }
}
