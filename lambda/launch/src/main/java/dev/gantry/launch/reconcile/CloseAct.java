package dev.gantry.launch.reconcile;

import dev.gantry.launch.Attempt;
import dev.gantry.launch.Cause;
import dev.gantry.launch.Closing;
import dev.gantry.launch.Failure;
import dev.gantry.launch.GantryException;
import dev.gantry.launch.InstanceId;
import dev.gantry.launch.Lifecycle;
import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Abandon;
import dev.gantry.launch.decide.Decision.Proceed;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.DecisionTable;
import dev.gantry.launch.port.Failures;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Groups.Answer;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.port.Journal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Ends stays. The reason is in the ledger, the log and with the pager before the hook is completed. */
final class CloseAct {
    /** After so many completions in a row that were refused, throttled most likely, the rest of the batch waits its turn. */
    private static final int ENOUGH = 3;

    private final Groups groups;
    private final Failures failures;
    private final Breaker breaker;
    private final GoodBundles good;
    private final BastionAct bastion;
    private final Journal journal;
    private final InstantSource clock;

    CloseAct(Ports ports, Breaker breaker, BastionAct bastion) {
        this.bastion = bastion;
        this.groups = ports.groups();
        this.failures = ports.failures();
        this.breaker = breaker;
        this.good = new GoodBundles(ports.fleets(), ports.failures(), ports.journal());
        this.journal = ports.journal();
        this.clock = ports.clock();
    }

    void proceed(Pass pass, Map<Case, Proceed> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        // Before the end, so that whoever repeats a killed worker's completion remembers it, too.
        good.remember(pass, wanted.keySet());
        close(pass, intended(pass, wanted, p -> Closing.proceeding(p.kind(), p.why(), clock.instant())));
    }

    void abandon(Pass pass, Map<Case, Abandon> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        Map<Case, Abandon> recorded = new LinkedHashMap<>();
        wanted.forEach((c, abandon) -> {
            if (abandon.cause() != Cause.RUN_FAILED || isStored(pass, c, () -> recordFailure(pass, c))) {
                recorded.put(c, abandon);
            }
        });
        breaker.failed(
                pass,
                recorded.keySet().stream()
                        .filter(c -> recorded.get(c).cause() == Cause.RUN_FAILED)
                        .toList());
        List<Case> counted =
                intended(pass, recorded, a -> Closing.abandoning(a.cause(), a.why(), a.failure(), clock.instant()))
                        .stream()
                        .filter(c -> isStored(pass, c, () -> recordAbandonment(pass, c)))
                        .toList();
        if (!counted.isEmpty()) {
            breaker.abandoned(pass);
        }
        bastion.cancel(pass, counted);
        close(pass, counted);
    }

    /**
     * Counts the failures of instances that are kept for a look: the breaker must not wait until they are abandoned. Only what
     * this pass has learned; should it not be stored, the abandonment does it.
     */
    void hold(Pass pass, Collection<Case> held) {
        List<Case> recorded = new ArrayList<>();
        for (Case c : held) {
            if (c.isNews() && c.stay().failures() >= pass.fleet().policy().attempts()) {
                try {
                    recordFailure(pass, c);
                    recorded.add(c);
                } catch (GantryException e) {
                    journal.log(
                            "failure_not_recorded",
                            Map.of(
                                    "fleet", pass.fleet().name().value(),
                                    "instance", c.instance().value(),
                                    "error", String.valueOf(e.getMessage())));
                }
            }
        }
        breaker.failed(pass, recorded);
    }

    private void recordFailure(Pass pass, Case c) {
        Attempt failed = c.stay().lastFailed().orElseThrow();
        failures.record(
                pass.fleet().name(),
                failed.bundle(),
                c.instance(),
                c.stay().number(),
                failed.failure().orElseThrow(),
                clock.instant());
    }

    /** With the time that the ledger has; one that is tried again has a later time, a key of its own, and counts once. */
    private void recordAbandonment(Pass pass, Case c) {
        Closing closing = c.stay().closing().orElseThrow();
        failures.abandoned(
                pass.fleet().name(), c.instance(), c.stay().number(), closing.decidedAt(), closing.abandonedFor());
    }

    private static boolean isStored(Pass pass, Case c, Runnable record) {
        try {
            record.run();
            return true;
        } catch (GantryException e) {
            pass.failed(c, e);
            return false;
        }
    }

    /**
     * Writes the intention first, and again with its time before each further try. An abandonment is told even before
     * that: a function killed in between tells it twice, but never not at all.
     */
    private <D extends Decision> List<Case> intended(
            Pass pass, Map<Case, D> wanted, java.util.function.Function<D, Closing> closing) {
        List<Case> again = new ArrayList<>();
        List<Case> fresh = new ArrayList<>();
        wanted.forEach((c, decision) -> {
            if (c.stay().isOpen()) {
                fresh.add(c.with(c.stay().withClosing(closing.apply(decision))));
            } else {
                again.add(c.with(
                        c.stay().withClosing(c.stay().closing().orElseThrow().triedAgain(clock.instant()))));
            }
        });
        fresh.stream().filter(CloseAct::isAbandoned).forEach(c -> announce(pass, c));
        List<Case> stored = pass.store(fresh);
        stored.stream().filter(c -> !isAbandoned(c)).forEach(c -> announce(pass, c));
        List<Case> intended = new ArrayList<>(pass.store(again));
        intended.addAll(stored);
        return intended;
    }

    private static boolean isAbandoned(Case c) {
        return c.stay()
                .closing()
                .filter(closing -> closing.kind() == Closing.Kind.ABANDONED)
                .isPresent();
    }

    private void announce(Pass pass, Case c) {
        Closing closing = c.stay().closing().orElseThrow();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("fleet", pass.fleet().name().value());
        fields.put("instance", c.instance().value());
        fields.put("stay", c.stay().number());
        fields.put("gate", c.stay().gate().name());
        fields.put("kind", closing.kind().name());
        fields.put("why", closing.why());
        fields.put(
                "seconds",
                java.time.Duration.between(c.stay().openedAt(), clock.instant()).toSeconds());
        c.stay().lastAttempt().ifPresent(a -> {
            fields.put("run", a.runId().value());
            fields.put("bundle", a.bundle().sha256());
            fields.put("channel", a.channel().name());
            a.detour().ifPresent(detour -> fields.put("fallback", detour.why()));
            fields.put("command", a.commandId().orElse(""));
        });
        if (closing.kind() == Closing.Kind.ABANDONED) {
            fields.put("cause", closing.abandonedFor().name());
            closing.failure().ifPresent(f -> explain(fields, f));
            c.stay().lastFailed().ifPresent(a -> {
                fields.put("failed_run", a.runId().value());
                fields.put("failed_command", a.commandId().orElse(""));
            });
            journal.page(
                    "abandoned",
                    "instance " + c.instance() + " of " + pass.fleet().name() + " is abandoned: " + closing.why(),
                    fields);
        } else {
            journal.log("proceeded", fields);
        }
    }

    private static void explain(Map<String, Object> fields, Failure failure) {
        fields.put("step", failure.step());
        fields.put("task", failure.task().orElse(""));
        fields.put("message", failure.message());
        fields.put("exit_code", failure.exitCode());
        fields.put("tail", failure.tail());
    }

    private void close(Pass pass, List<Case> intended) {
        List<Case> done = new ArrayList<>();
        List<Case> unclear = new ArrayList<>();
        int refused = 0;
        for (Case c : intended) {
            if (refused == ENOUGH || pass.isOver(clock.instant())) {
                pass.failed(c, Pass.outOfTime());
                continue;
            }
            try {
                Answer answer =
                        groups.complete(pass.fleet().name(), pass.fleet().hook(), c.instance(), !isAbandoned(c));
                (answer == Answer.ACCEPTED ? done : unclear).add(c);
                refused = 0;
            } catch (GantryException e) {
                pass.failed(c, e);
                refused++;
            }
        }
        done.addAll(beyondTheGate(pass, unclear));
        Instant now = clock.instant();
        List<Case> closed = done.stream()
                .map(c -> c.with(
                        c.stay().withClosing(c.stay().closing().orElseThrow().done(now))))
                .toList();
        closed.forEach(c -> pass.decided(c.instance(), outcome(c)));
        pass.store(closed);
    }

    private static Decision outcome(Case closed) {
        Closing closing = closed.stay().closing().orElseThrow();
        return isAbandoned(closed)
                ? new Abandon(closing.abandonedFor(), closing.failure(), closing.why())
                : new Proceed(closing.kind(), closing.why());
    }

    /** "No active Lifecycle Action": final where the state is no longer ours, and too early or another hook's otherwise. */
    private List<Case> beyondTheGate(Pass pass, List<Case> unclear) {
        if (unclear.isEmpty()) {
            return List.of();
        }
        try {
            Map<InstanceId, Member> now =
                    groups.describe(unclear.stream().map(Case::instance).collect(Collectors.toSet()));
            List<Case> beyond = unclear.stream()
                    .filter(c -> isBeyond(c, Optional.ofNullable(now.get(c.instance()))))
                    .toList();
            unclear.stream().filter(c -> !beyond.contains(c)).forEach(c -> notYet(pass, c));
            return beyond;
        } catch (GantryException e) {
            unclear.forEach(c -> pass.failed(c.instance(), e));
            return List.of();
        }
    }

    private boolean isBeyond(Case c, Optional<Member> member) {
        // A young stay's instance can be described as it was before it was launched: not at all.
        boolean isYoung = c.stay().isYoung(clock.instant());
        return member.map(Member::state)
                .map(Lifecycle::of)
                .map(state -> state == Lifecycle.LEAVING || (state == Lifecycle.PASSED && !isYoung))
                .orElse(!isYoung);
    }

    private static void notYet(Pass pass, Case c) {
        pass.decided(
                c.instance(),
                new Decision.Wait(
                        Reason.HOOK,
                        Optional.of(DecisionTable.AGENT_LOOK),
                        "the hook has no active action, yet the instance still waits"));
    }
}
