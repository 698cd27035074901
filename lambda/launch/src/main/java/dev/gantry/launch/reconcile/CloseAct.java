package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Abandon;
import dev.gantry.launch.decide.Decision.Proceed;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Failures;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Failure;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Ends stays. The reason is in the ledger, the log and with the pager before the hook is completed. */
final class CloseAct {
    private final Completions completions;
    private final Failures failures;
    private final Breaker breaker;
    private final GoodBundles good;
    private final BastionAct bastion;
    private final Journal journal;
    private final InstantSource clock;

    CloseAct(Ports ports, Breaker breaker, BastionAct bastion) {
        this.bastion = bastion;
        this.completions = new Completions(ports.groups(), ports.clock());
        this.failures = ports.failures();
        this.breaker = breaker;
        this.good = new GoodBundles(ports.fleets(), ports.failures(), ports.journal());
        this.journal = ports.journal();
        this.clock = ports.clock();
    }

    /** Cases whose end is in the ledger, and which of them were not tried before. */
    private record Intended(List<Case> cases, Set<InstanceId> firstTries) {
        Intended only(Predicate<Case> which) {
            return new Intended(cases.stream().filter(which).toList(), firstTries);
        }
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
        Intended counted = intended(
                        pass, recorded, a -> Closing.abandoning(a.cause(), a.why(), a.failure(), clock.instant()))
                .only(c -> isStored(pass, c, () -> recordAbandonment(pass, c)));
        if (!counted.cases().isEmpty()) {
            breaker.abandoned(pass);
        }
        bastion.cancel(pass, counted.cases());
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
    private <D extends Decision> Intended intended(Pass pass, Map<Case, D> wanted, Function<D, Closing> closing) {
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
        return new Intended(intended, stored.stream().map(Case::instance).collect(Collectors.toSet()));
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

    private void close(Pass pass, Intended intended) {
        List<Case> closed = completions.complete(pass, intended.cases(), intended.firstTries());
        closed.forEach(c -> pass.decided(c.instance(), outcome(c)));
        pass.store(closed);
    }

    private static Decision outcome(Case closed) {
        Closing closing = closed.stay().closing().orElseThrow();
        return switch (closing.kind()) {
            case ABANDONED -> new Abandon(closing.abandonedFor(), closing.failure(), closing.why());
            case PROVISIONED, OBSERVED -> new Proceed(closing.kind(), closing.why());
            case ELSEWHERE -> new Decision.Ignore(closing.why());
        };
    }
}
