package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision.Ask;
import dev.gantry.launch.decide.Decision.FallBack;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.port.Bastion.Asked;
import dev.gantry.launch.port.Commands.Order;
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
 * message is sent: of two workers one asks, and a message that was never sent is asked again like one that was lost.
 */
final class BastionAct {
    private final Bastion bastion;
    private final Journal journal;
    private final InstantSource clock;
    private final IdSource ids;

    BastionAct(Ports ports) {
        this.bastion = ports.bastion();
        this.journal = ports.journal();
        this.clock = ports.clock();
        this.ids = ports.ids();
    }

    /** Claims each case's run and asks its instance to begin it; answers with those that were claimed and asked. */
    List<Case> fallBack(Pass pass, Map<Case, FallBack> wanted) {
        List<Case> claims = new ArrayList<>();
        wanted.forEach((c, fallBack) -> claims.add(c.with(claim(c.stay(), fallBack))));
        List<Case> claimed = pass.store(claims);
        claimed.forEach(c -> tell(pass, c));
        return send(pass, claimed, Question.START);
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

    private void tell(Pass pass, Case c) {
        Attempt run = run(c);
        journal.log(
                "fell_back",
                Map.of(
                        "fleet", pass.fleet().name().value(),
                        "instance", c.instance().value(),
                        "run", run.runId().value(),
                        "attempt", run.number(),
                        "bundle", run.bundle().sha256(),
                        "command", run.commandId().orElse(""),
                        "why", run.detour().orElseThrow().why()));
    }

    /** Asks about each case's run; answers with those that were asked. */
    List<Case> ask(Pass pass, Map<Case, Ask> wanted) {
        List<Case> asked = new ArrayList<>();
        for (Question question : Question.values()) {
            List<Case> noted = wanted.entrySet().stream()
                    .filter(e -> e.getValue().question() == question)
                    .map(e -> noted(e.getKey(), e.getValue()))
                    .toList();
            asked.addAll(send(pass, pass.store(noted), question));
        }
        return asked;
    }

    private Case noted(Case c, Ask ask) {
        Instant now = clock.instant();
        return c.with(c.stay().changing(ask.run(), a -> a.asked(now)));
    }

    /** Best effort: the instance is about to be terminated, and shall not go on with what nobody waits for. */
    void cancel(Pass pass, List<Case> abandoned) {
        List<Asked> questions = abandoned.stream()
                .filter(c -> c.stay()
                        .lastAttempt()
                        .filter(a -> a.isUnderWay() && a.isOverTheBastion())
                        .isPresent())
                .map(c -> question(pass, c, Question.CANCEL, clock.instant()))
                .toList();
        if (!questions.isEmpty()) {
            log(pass, Question.CANCEL, questions, bastion.ask(questions));
        }
    }

    private List<Case> send(Pass pass, List<Case> cases, Question question) {
        if (cases.isEmpty()) {
            return List.of();
        }
        List<Asked> questions = cases.stream()
                .map(c -> question(
                        pass, c, question, run(c).detour().orElseThrow().askedAt()))
                .toList();
        Map<InstanceId, GantryException> failed = bastion.ask(questions);
        log(pass, question, questions, failed);
        List<Case> asked = new ArrayList<>();
        for (Case c : cases) {
            if (failed.containsKey(c.instance())) {
                pass.failed(c, failed.get(c.instance()));
            } else {
                asked.add(c);
            }
        }
        return asked;
    }

    private static Asked question(Pass pass, Case c, Question question, Instant at) {
        Attempt run = run(c);
        return new Asked(question, new Order(pass.fleet(), run.bundle(), run.runId(), run.number()), c.instance(), at);
    }

    private static Attempt run(Case c) {
        return c.stay().lastAttempt().orElseThrow();
    }

    private void log(Pass pass, Question question, List<Asked> questions, Map<InstanceId, GantryException> failed) {
        Map<String, String> runs = new java.util.TreeMap<>();
        questions.forEach(q -> runs.put(
                q.instance().value(),
                Optional.ofNullable(failed.get(q.instance()))
                        .map(error -> "not sent: " + error.getMessage())
                        .orElse(q.order().run().value())));
        journal.log(
                "bastion_asked",
                Map.of("fleet", pass.fleet().name().value(), "question", question.name(), "runs", runs));
    }
}
