package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Abandon;
import dev.gantry.launch.decide.Decision.Proceed;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Failures;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.reconcile.breaker.Breaker;
import dev.gantry.launch.reconcile.breaker.Breaker.FailedRun;
import dev.gantry.launch.reconcile.breaker.GoodBundles;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Ends stays. The reason is in the ledger, the log and the page before the hook is completed. */
final class CloseAct {
    private final Completions completions;
    private final LedgerWriter ledger;
    private final Failures failures;
    private final Breaker breaker;
    private final GoodBundles good;
    private final BastionAct bastion;
    private final Announcements announcements;
    private final Journal journal;
    private final InstantSource clock;

    CloseAct(Ports ports, LedgerWriter ledger, BastionAct bastion) {
        this.bastion = bastion;
        this.ledger = ledger;
        this.completions = new Completions(ports.groups(), ledger, ports.clock());
        this.failures = ports.failures();
        this.breaker = new Breaker(ports.fleets(), ports.groups(), ports.failures(), ports.journal(), ports.clock());
        this.good = new GoodBundles(ports.fleets(), ports.failures(), ports.journal());
        this.announcements = new Announcements(ports.journal(), ports.clock());
        this.journal = ports.journal();
        this.clock = ports.clock();
    }

    /** Lets these instances proceed. */
    Outcomes proceed(FleetFacts facts, Map<ObservedInstance, Proceed> wanted) {
        if (wanted.isEmpty()) {
            return Outcomes.NONE;
        }
        // Before the end is written, so that a worker that repeats a killed worker's completion also records it.
        good.remember(
                facts.name(),
                facts.release(),
                wanted.keySet().stream()
                        .flatMap(c -> c.stay().attempts().stream())
                        .toList());
        Acted fresh = ledger.store(
                facts.name(), closing(wanted, p -> Closing.proceeding(p.kind(), p.why(), clock.instant())));
        fresh.instances().forEach(c -> announcements.proceeds(facts, c));
        Intended intended = new Intended(tryAgain(facts, wanted.keySet()), fresh);
        return intended.outcomes().then(complete(facts, intended.all(), intended.firstTries()));
    }

    /** Abandons these: each is recorded as a failure and an abandonment first, so that the breaker counts it. */
    Outcomes abandon(FleetFacts facts, Map<ObservedInstance, Abandon> wanted) {
        if (wanted.isEmpty()) {
            return Outcomes.NONE;
        }
        List<ObservedInstance> failed = ofCause(wanted, Cause.RUN_FAILED);
        Acted recorded = record(failed, c -> recordFailure(facts, c));
        Outcomes takenOut = Outcomes.takenOut(countFailures(facts, recorded.instances()));
        Map<ObservedInstance, Abandon> due = new LinkedHashMap<>(wanted);
        due.keySet().removeIf(c -> failed.contains(c) && !recorded.instances().contains(c));
        List<ObservedInstance> fresh =
                closing(due, a -> Closing.abandoning(a.cause(), a.why(), a.failure(), clock.instant()));
        // Before the write, so that a function that is killed in between has announced it at least once.
        fresh.forEach(c -> announcements.abandoned(facts, c));
        Acted stored = ledger.store(facts.name(), fresh);
        Intended intended = new Intended(tryAgain(facts, due.keySet()), stored);
        Acted counted = record(intended.all(), c -> recordAbandonment(facts, c));
        if (!counted.instances().isEmpty()) {
            breaker.countAbandonments(facts.fleet(), facts.release());
        }
        bastion.cancel(facts, counted.instances());
        return recorded.outcomes()
                .then(takenOut)
                .then(intended.outcomes())
                .then(counted.outcomes())
                .then(complete(facts, counted.instances(), intended.firstTries()));
    }

    /**
     * Counts the failures of instances that are held for inspection: the breaker must not wait until they are abandoned. Only what
     * this round has learned is counted; if it cannot be stored, the abandonment counts it.
     */
    Outcomes hold(FleetFacts facts, Collection<ObservedInstance> held) {
        List<ObservedInstance> recorded = new ArrayList<>();
        for (ObservedInstance c : held) {
            if (c.isNews() && isFailedForGood(facts.policy(), c)) {
                try {
                    recordFailure(facts, c);
                    recorded.add(c);
                } catch (GantryException e) {
                    journal.log(
                            EventType.FAILURE_NOT_RECORDED,
                            Map.of(
                                    "fleet", facts.name().value(),
                                    "instance", c.instance().value(),
                                    "error", String.valueOf(e.getMessage())));
                }
            }
        }
        return Outcomes.takenOut(countFailures(facts, recorded));
    }

    /** Not known of a fleet without settings, whose instances an operator can hold, too. */
    private static boolean isFailedForGood(Policy policy, ObservedInstance c) {
        return policy.mode() != Policy.Mode.UNKNOWN && c.stay().failures() >= policy.attempts();
    }

    private static List<ObservedInstance> ofCause(Map<ObservedInstance, Abandon> wanted, Cause cause) {
        return wanted.entrySet().stream()
                .filter(e -> e.getValue().cause() == cause)
                .map(Map.Entry::getKey)
                .toList();
    }

    private Set<BundleId> countFailures(FleetFacts facts, List<ObservedInstance> recorded) {
        return breaker.countFailures(
                facts.fleet(),
                facts.release(),
                recorded.stream()
                        .map(c -> new FailedRun(
                                c.instance(), c.stay().lastFailed().orElseThrow()))
                        .toList());
    }

    private void recordFailure(FleetFacts facts, ObservedInstance c) {
        Attempt failed = c.stay().lastFailed().orElseThrow();
        failures.record(
                facts.name(),
                failed.bundle(),
                c.instance(),
                c.stay().number(),
                failed.failure().orElseThrow(),
                clock.instant());
    }

    /** With the time in the ledger; a repeated abandonment has a later time and its own key, and counts once. */
    private void recordAbandonment(FleetFacts facts, ObservedInstance c) {
        Closing closing = c.stay().closing().orElseThrow();
        failures.abandoned(facts.name(), c.instance(), c.stay().number(), closing.decidedAt(), closing.abandonedFor());
    }

    /** Records each; the answer has those that are recorded. */
    private static Acted record(List<ObservedInstance> instances, Consumer<ObservedInstance> recording) {
        Acted recorded = Acted.NOTHING;
        for (ObservedInstance c : instances) {
            try {
                recording.accept(c);
                recorded = recorded.then(Acted.on(c));
            } catch (GantryException e) {
                recorded = recorded.then(Acted.none(Outcomes.failed(c, e)));
            }
        }
        return recorded;
    }

    /** The open stays among these, each with its end. */
    private static <D extends Decision> List<ObservedInstance> closing(
            Map<ObservedInstance, D> wanted, Function<D, Closing> closing) {
        return wanted.entrySet().stream()
                .filter(e -> e.getKey().stay().isOpen())
                .map(e -> e.getKey().with(e.getKey().stay().withClosing(closing.apply(e.getValue()))))
                .toList();
    }

    /** The others: their end is written again with its time before each further try. */
    private Acted tryAgain(FleetFacts facts, Set<ObservedInstance> wanted) {
        return ledger.store(
                facts.name(),
                wanted.stream()
                        .filter(c -> !c.stay().isOpen())
                        .map(c -> c.with(c.stay().tryingItsEndAgain(clock.instant())))
                        .toList());
    }

    private Outcomes complete(FleetFacts facts, List<ObservedInstance> intended, Set<InstanceId> firstTries) {
        Acted closed = completions.complete(facts, intended, firstTries);
        Outcomes outcomes = closed.outcomes();
        for (ObservedInstance c : closed.instances()) {
            outcomes = outcomes.then(Outcomes.decided(c.instance(), outcome(c)));
        }
        return outcomes.then(ledger.store(facts.name(), closed.instances()).outcomes());
    }

    private static Decision outcome(ObservedInstance closed) {
        Closing closing = closed.stay().closing().orElseThrow();
        return switch (closing.kind()) {
            case ABANDONED -> new Abandon(closing.abandonedFor(), closing.failure(), closing.why());
            case PROVISIONED, OBSERVED -> new Proceed(closing.kind(), closing.why());
            case ELSEWHERE -> new Decision.Ignore(closing.why());
        };
    }

    /** Stays whose end is in the ledger now, those that were tried before first. */
    private record Intended(Acted again, Acted fresh) {
        List<ObservedInstance> all() {
            return again.then(fresh).instances();
        }

        Outcomes outcomes() {
            return again.outcomes().then(fresh.outcomes());
        }

        Set<InstanceId> firstTries() {
            return fresh.instances().stream().map(ObservedInstance::instance).collect(Collectors.toSet());
        }
    }
}
