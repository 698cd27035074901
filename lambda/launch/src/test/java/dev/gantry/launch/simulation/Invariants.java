package dev.gantry.launch.simulation;

import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands.RunOrder;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Intervention;
import dev.gantry.launch.stay.Stay;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** What must hold at every step, whatever faults strike. Each invariant is a method with its name, which throws if it is broken. */
final class Invariants {
    /** A decision can rest on a release as old as the cache of settings, and be carried out as late as the function lives. */
    static final Duration STALE = SimulatedFleets.KEPT.plus(Scenario.FUNCTION_TIMEOUT);

    /** Maximum time of a stay beyond its deadline and its hold, once there are no faults. */
    static final Duration SETTLING = Duration.ofMinutes(10);

    /** Longer than a look in which no fault struck. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final Timeline timeline;
    private final Scenario scenario;
    private final Settings settings;
    private final Bundles bundles;
    private final Map<InstanceId, NavigableSet<Instant>> cleanLooks = new HashMap<>();
    private final Map<InstanceId, Instant> firstIntended = new HashMap<>();
    private final Map<String, Instant> firstClaims = new HashMap<>();
    private final Set<InstanceId> failedBefore = new HashSet<>();
    private final Map<InstanceId, Kept> holds = new HashMap<>();
    private SimulatedLedger ledger;
    private SimulatedFailures failures;
    private SimulatedJournal journal;
    private Map<InstanceId, Machine> machines = Map.of();
    private Runnable disturb = () -> {};
    private BreakerInvariants breaker;
    private BastionInvariants fallback;

    Invariants(Timeline timeline, Scenario scenario, Settings settings, Bundles bundles) {
        this.timeline = timeline;
        this.scenario = scenario;
        this.settings = settings;
        this.bundles = bundles;
    }

    void connect(
            SimulatedLedger theLedger,
            SimulatedFailures theFailures,
            SimulatedJournal theJournal,
            Map<InstanceId, Machine> theMachines,
            Runnable onDisturbance,
            BreakerInvariants ofTheBreaker,
            BastionInvariants ofTheFallback) {
        breaker = ofTheBreaker;
        fallback = ofTheFallback;
        ledger = theLedger;
        failures = theFailures;
        journal = theJournal;
        machines = theMachines;
        disturb = onDisturbance;
    }

    /** An operator's hold that was accepted, of one stay. */
    private record Kept(int stay, Intervention.Hold hold) {}

    void held(InstanceId instance) {
        Stay stay = ledger.stay(instance).orElseThrow();
        stay.intervention().hold().ifPresent(hold -> holds.put(instance, new Kept(stay.number(), hold)));
    }

    /** From now on it may be ended. */
    void noLongerHeld(InstanceId instance) {
        holds.remove(instance);
    }

    /** A fault prevents Gantry from doing everything that is due. */
    void disturbed() {
        disturb.run();
    }

    /** A whole look went by without a fault and without another actor. */
    void looked(Collection<Look> looks, Instant begun) {
        looks.forEach(look -> {
            lookedAt(look.instance(), begun);
            look.hint()
                    .flatMap(hint -> machine(look.instance()).flatMap(m -> m.waitOf(hint.token())))
                    .ifPresent(wait -> wait.isKnown = true);
        });
        boolean anyWaits = looks.stream()
                .flatMap(look -> machine(look.instance()).stream())
                .anyMatch(m -> m.held().filter(w -> w.began.isBefore(begun)).isPresent());
        if (anyWaits) {
            breaker.looked(begun);
        }
    }

    private void lookedAt(InstanceId instance, Instant begun) {
        cleanLooks.computeIfAbsent(instance, i -> new TreeSet<>()).add(begun);
    }

    /** A whole sweep went by without a fault and without another actor. */
    void swept(Instant begun) {
        machines.values().forEach(machine -> {
            lookedAt(machine.id, begun);
            boolean isYoung = ledger.stay(machine.id)
                    .filter(stay -> !stay.openedAt().plus(Duration.ofMinutes(1)).isBefore(begun))
                    .isPresent();
            if (machine.wasAway(begun, timeline.instant()) && !isYoung) {
                aStayIsKnownAsOverBeforeItsInstanceComesBack(machine);
                machine.seenAway = begun;
            }
            if (machine.isFollowed() && machine.wasDone(begun) && !isYoung) {
                noRecordStaysOpenAfterItsInstanceLeft(machine);
            }
            if (machine.waited(begun, timeline.instant())) {
                machine.held().ifPresent(wait -> wait.isFollowed = true);
            }
        });
        breaker.looked(begun);
    }

    private void aStayIsKnownAsOverBeforeItsInstanceComesBack(Machine machine) {
        ledger.stay(machine.id).filter(stay -> stay.closedAt().isEmpty()).ifPresent(stay -> {
            throw broken(
                    "aStayIsKnownAsOverBeforeItsInstanceComesBack",
                    machine.id,
                    "it was seen as " + machine.state() + ", and its record says " + Words.of(stay));
        });
    }

    private void noRecordStaysOpenAfterItsInstanceLeft(Machine machine) {
        // A worker that read the record before it was deleted can write it again; nothing closes that record.
        if (ledger.wasDeleted(machine.id)) {
            return;
        }
        ledger.stay(machine.id).filter(stay -> stay.closedAt().isEmpty()).ifPresent(stay -> {
            throw broken(
                    "noRecordStaysOpenAfterItsInstanceLeft",
                    machine.id,
                    "it is " + machine.state() + ", a sweep saw it wait before, and its record says " + Words.of(stay));
        });
    }

    private Optional<Machine> machine(InstanceId instance) {
        return Optional.ofNullable(machines.get(instance));
    }

    /** Called when AWS accepts Gantry's completion. */
    void completed(Machine machine, Machine.Wait wait, boolean proceed) {
        Stay stay = ledger.stay(machine.id)
                .orElseThrow(() -> broken("noCompletionWithoutARecord", machine.id, "there is no record"));
        Closing closing = stay.closing()
                .orElseThrow(
                        () -> broken("noCompletionWithoutARecord", machine.id, "its record says " + Words.of(stay)));
        if (proceed == (closing.kind() == Closing.Kind.ABANDONED)) {
            throw broken("noCompletionWithoutARecord", machine.id, "completed otherwise than " + Words.of(stay));
        } else if (!proceed) {
            everyAbandonmentHasItsRecordReasonAndPage(machine, stay, closing);
            onlyAFailedRunOrTheDeadlineAbandons(machine, wait, closing);
            aFailedInstanceIsHeldForALook(machine, wait, closing);
            breaker.abandoned(machine, stay, closing);
        } else if (closing.kind() == Closing.Kind.OBSERVED) {
            onlyAnObservedFleetProceedsWithoutARun(machine);
        } else {
            noServiceWithoutASuccessfulRunInThisStay(machine, wait, closing);
            breaker.proceeded(stay);
        }
    }

    private void onlyAnObservedFleetProceedsWithoutARun(Machine machine) {
        if (!everObserved(decided(machine))) {
            throw broken("onlyAnObservedFleetProceedsWithoutARun", machine.id, "the fleet is not observed");
        }
    }

    private void noServiceWithoutASuccessfulRunInThisStay(Machine machine, Machine.Wait wait, Closing closing) {
        Instant decided = firstIntended.getOrDefault(machine.id, closing.decidedAt());
        boolean isGood = inThisStay(machine, wait).stream()
                .filter(one -> one.succeeded)
                .anyMatch(one ->
                        wasCurrentWhenClaimed(one) && bundles.wasUsable(bundle(one), decided.minus(STALE), decided));
        if (!isGood) {
            throw broken(
                    "noServiceWithoutASuccessfulRunInThisStay",
                    machine.id,
                    "it proceeds at " + wait.gate + ", and no run that began at this gate is good for it");
        }
    }

    private boolean wasCurrentWhenClaimed(Issued one) {
        Instant sent = one.command.requestedAt();
        Instant claimed = one.command
                .run()
                .map(run -> firstClaims.getOrDefault(machineAndRun(one.machine.id, run.value()), sent))
                .orElse(sent);
        Instant counted = one.command.run().isPresent() ? claimed : timeline.instant();
        return bundles.wasLaunchable(bundle(one), claimed.minus(STALE), counted);
    }

    private static BundleId bundle(Issued one) {
        return one.command.bundle().orElseThrow();
    }

    /** The runs that may count for it: also those of an earlier wait that cannot be distinguished from this one. */
    private static List<Issued> inThisStay(Machine machine, Machine.Wait wait) {
        return since(machine, machine.stayBegan(wait));
    }

    private static List<Issued> inThisWait(Machine machine, Machine.Wait wait) {
        return since(machine, wait.began);
    }

    private static List<Issued> since(Machine machine, Instant began) {
        return machine.issued.stream()
                .filter(one -> !one.command.requestedAt().isBefore(began))
                .toList();
    }

    private Instant decided(Machine machine) {
        return firstIntended.getOrDefault(machine.id, timeline.instant());
    }

    /** Whether the fleet was observed at some time at which this decision can have been taken. */
    private boolean everObserved(Instant decided) {
        return settings.everWas(decided.minus(STALE), decided, p -> p.mode() == Policy.Mode.OBSERVE);
    }

    private boolean everEnforced(Instant decided) {
        return settings.everWas(decided.minus(STALE), decided, p -> p.mode() == Policy.Mode.ENFORCE);
    }

    private <T extends Comparable<T>> T least(Instant decided, Function<Policy, T> value) {
        return settings.least(decided.minus(STALE), decided, value);
    }

    /** Called when the breaker counts a failure. */
    void onlyAFailedRunIsCounted(InstanceId instance, BundleId bundle) {
        Instant now = timeline.instant();
        Machine machine = machines.get(instance);
        long failed = machine.issued.stream()
                .filter(one -> one.failedAt().isPresent())
                .count();
        boolean failedOnIt = machine.issued.stream()
                .anyMatch(one -> one.failedAt().isPresent() && bundle(one).equals(bundle));
        if (!failedOnIt || failed < least(now, Policy::attempts)) {
            throw broken("onlyAFailedRunIsCounted", instance, "it did not fail for good on " + bundle);
        }
    }

    private void everyAbandonmentHasItsRecordReasonAndPage(Machine machine, Stay stay, Closing closing) {
        String invariant = "everyAbandonmentHasItsRecordReasonAndPage";
        if (closing.why().isBlank()) {
            throw broken(invariant, machine.id, "its record does not say why");
        } else if (!journal.hasToldOf(machine.id.value(), stay.number())) {
            throw broken(invariant, machine.id, "nobody was paged");
        } else if (closing.abandonedFor() == Cause.RUN_FAILED && !failures.has(machine.id, stay.number())) {
            throw broken(invariant, machine.id, "its failure was not recorded");
        }
    }

    private void onlyAFailedRunOrTheDeadlineAbandons(Machine machine, Machine.Wait wait, Closing closing) {
        Instant decided = decided(machine);
        boolean isRight = everEnforced(decided)
                && switch (closing.abandonedFor()) {
                    case RUN_FAILED -> failed(machine, wait).size() >= least(decided, Policy::attempts);
                    case LAUNCH_DEADLINE -> !timeline.instant()
                            .isBefore(machine.stayBegan(wait).plus(least(decided, Policy::launchDeadline)));
                    case BUNDLE_QUARANTINED -> inThisStay(machine, wait).stream()
                                    .anyMatch(one -> bundles.wasEverQuarantined(bundle(one)))
                            || hasClaimedOverTheBastion(machine, bundles::wasEverQuarantined);
                };
        if (!isRight) {
            throw broken(
                    "onlyAFailedRunOrTheDeadlineAbandons",
                    machine.id,
                    "it is abandoned for " + closing.abandonedFor() + ", which is not true: " + closing.why());
        }
    }

    /** Its message may not have arrived yet, so the run may have begun. */
    private boolean hasClaimedOverTheBastion(Machine machine, Predicate<BundleId> which) {
        return ledger.stay(machine.id).stream()
                .flatMap(stay -> stay.attempts().stream())
                .anyMatch(a -> a.isOverTheBastion() && which.test(a.bundle()));
    }

    /** When its runs of this stay were reported as failed, oldest first. */
    private static List<Instant> failed(Machine machine, Machine.Wait wait) {
        Map<String, Instant> failed = new HashMap<>();
        inThisStay(machine, wait).forEach(one -> one.failedAt()
                .ifPresent(at -> failed.merge(one.run(), at, (a, b) -> a.isBefore(b) ? a : b)));
        return failed.values().stream().sorted().toList();
    }

    private void aFailedInstanceIsHeldForALook(Machine machine, Machine.Wait wait, Closing closing) {
        Instant from =
                switch (closing.abandonedFor()) {
                    case RUN_FAILED -> failed(machine, wait).get(least(decided(machine), Policy::attempts) - 1);
                    case LAUNCH_DEADLINE -> machine.stayBegan(wait)
                            .plus(least(decided(machine), Policy::launchDeadline));
                    case BUNDLE_QUARANTINED -> Instant.MIN;
                };
        if (from.isAfter(Instant.MIN)
                && timeline.instant().isBefore(from.plus(scenario.policy().hold()))) {
            throw broken("aFailedInstanceIsHeldForALook", machine.id, "it is abandoned before its hold is over");
        }
    }

    /** Called when Systems Manager accepts Gantry's command. */
    void sent(RunOrder order, List<Machine> sentTo) {
        for (Machine machine : sentTo) {
            noCommandWithoutItsClaim(order, machine);
            atMostOneCommandForEachRun(order, machine);
            noRunBesideAnother(order.run(), machine);
            noCommandBeforeTheAgentIsHeardAgain(order, machine);
            breaker.sent(machine.id, begunInThisWait(machine));
        }
    }

    /**
     * The bundles whose runs began in this wait. If it is not known that AWS accepted an intended end, a second stay can open in
     * the same wait. After an intended abandonment that must not happen.
     */
    private Set<BundleId> begunInThisWait(Machine machine) {
        Set<BundleId> begun = new HashSet<>();
        if (wasAskedToRunOnceMore(machine)) {
            return begun;
        }
        Instant opened = ledger.stay(machine.id)
                .filter(stay -> !failedBefore.contains(machine.id))
                .map(Stay::openedAt)
                .orElse(Instant.MIN);
        machine.held().ifPresent(wait -> inThisWait(machine, wait).stream()
                .filter(one -> one.command.run().isPresent())
                .filter(one -> !one.command.requestedAt().isBefore(opened))
                .forEach(one -> begun.add(bundle(one))));
        return begun;
    }

    /** If an operator asked for one more run, it takes the current bundle, whatever it ran before. */
    private boolean wasAskedToRunOnceMore(Machine machine) {
        return ledger.stay(machine.id)
                .filter(stay -> stay.intervention()
                        .retry()
                        .filter(retry -> stay.attempts().stream().anyMatch(run -> run.number() == retry.run()))
                        .isPresent())
                .isPresent();
    }

    private void noCommandWithoutItsClaim(RunOrder order, Machine machine) {
        Optional<Stay> stay = ledger.stay(machine.id);
        // The stay need not be open: while a claim's owner sends, a command by hand may let the instance proceed, and
        // its next stay may begin.
        boolean isClaimed = ledger.begunBySomeWorker(machine.id)
                .anyMatch(a -> a.isUnderWay()
                        && !a.isOverTheBastion()
                        && a.runId().equals(order.run())
                        && a.bundle().equals(order.bundle())
                        && a.number() == order.attempt());
        // The stay can have ended while this worker was stopped, and its record can have been deleted since.
        boolean isDeleted = stay.isEmpty() && ledger.wasDeleted(machine.id);
        if (!everEnforced(timeline.instant()) || !(isClaimed || isDeleted)) {
            throw broken(
                    "noCommandWithoutItsClaim",
                    machine.id,
                    order.run() + " is sent, but the record is " + stay.map(Words::of));
        }
    }

    private static void atMostOneCommandForEachRun(RunOrder order, Machine machine) {
        if (machine.issued.stream().anyMatch(one -> one.command.run().equals(Optional.of(order.run())))) {
            throw broken("atMostOneCommandForEachRun", machine.id, order.run() + " is sent again");
        }
    }

    /** For both channels: a run is over when Systems Manager or its instance says so. */
    void noRunBesideAnother(RunId run, Machine machine) {
        machine.held().ifPresent(wait -> inThisWait(machine, wait).stream()
                .filter(one -> !one.isOver() && one.command.run().isPresent())
                .filter(one -> !one.run().equals(run.value()))
                .filter(one -> !ledger.wasOfTheStayBefore(machine.id, one.run()))
                .findFirst()
                .ifPresent(other -> {
                    throw broken(
                            "noRunBesideAnother",
                            machine.id,
                            run + " is begun while " + other.command.run() + " may be under way");
                }));
    }

    /**
     * After a stop and a start an agent can be shown Online from before: only a ping after the earlier wait counts. If the
     * ledger does not know that wait, because the function was down all the time, Online counts.
     */
    private void noCommandBeforeTheAgentIsHeardAgain(RunOrder order, Machine machine) {
        Optional<Instant> lastPing = machine.agentAt(timeline.instant()).flatMap(Agent::lastPing);
        boolean hasEarlierStay = ledger.before(machine.id)
                .filter(earlier -> machine.waits.size() > 1
                        && !earlier.openedAt().isBefore(machine.waits.get(machine.waits.size() - 2).began))
                .isPresent();
        machine.earlierWaitOver()
                .filter(over -> hasEarlierStay)
                .filter(over -> lastPing.filter(over::isBefore).isEmpty())
                .ifPresent(over -> {
                    throw broken(
                            "noCommandBeforeTheAgentIsHeardAgain",
                            machine.id,
                            order.run() + " is sent, although the agent was heard last at " + lastPing);
                });
    }

    /** Called when a record is stored. */
    void written(InstanceId instance, Optional<Stay> before, Stay after) {
        after.lastAttempt()
                .ifPresent(a -> firstClaims.putIfAbsent(
                        machineAndRun(instance, a.runId().value()), timeline.instant()));
        if (before.filter(b -> b.number() == after.number()).isEmpty()) {
            // Another stay. It has the number of an earlier one if the record was deleted.
            holds.remove(instance);
            firstIntended.remove(instance);
            boolean failed = before.flatMap(Stay::closing)
                    .filter(end -> end.kind() == Closing.Kind.ABANDONED)
                    .isPresent();
            failedBefore.remove(instance);
            if (failed) {
                failedBefore.add(instance);
            }
        }
        after.closing()
                .ifPresentOrElse(
                        end -> firstIntended.putIfAbsent(instance, end.decidedAt()),
                        () -> firstIntended.remove(instance));
        fallback.written(instance, before, after);
        before.ifPresent(b -> {
            staysFollowOneAnother(instance, b, after);
            if (b.number() == after.number()) {
                whatAnOperatorHoldsIsKept(instance, b, after);
                anEndIsFinal(instance, b, after);
                noStayIsClosedWhileItsHookHolds(instance, b, after);
                noRunIsForgotten(instance, b, after);
            }
        });
    }

    /** A held instance neither proceeds nor is abandoned, and only a requested run begins; an observed fleet holds nothing. */
    private void whatAnOperatorHoldsIsKept(InstanceId instance, Stay before, Stay after) {
        Optional<Instant> until = Optional.ofNullable(holds.get(instance))
                .filter(kept -> kept.stay() == after.number())
                .map(kept -> kept.hold().until());
        boolean ends = before.closing().isEmpty()
                && after.closing()
                        .filter(end -> until.filter(end.decidedAt()::isBefore).isPresent())
                        .filter(end -> end.kind() == Closing.Kind.PROVISIONED || end.kind() == Closing.Kind.ABANDONED)
                        .isPresent();
        boolean begins = after.lastAttempt()
                .filter(run -> before.attempts().stream().noneMatch(a -> a.number() == run.number()))
                .filter(run -> until.filter(run.claimedAt()::isBefore).isPresent())
                .filter(run -> after.intervention()
                        .retry()
                        .filter(retry -> retry.run() == run.number())
                        .isEmpty())
                .filter(run -> run.end().isEmpty())
                .isPresent();
        if (ends || begins) {
            throw broken(
                    "whatAnOperatorHoldsIsKept",
                    instance,
                    "held until " + until + ", " + Words.of(before) + " becomes " + Words.of(after));
        }
    }

    private static void staysFollowOneAnother(InstanceId instance, Stay before, Stay after) {
        if (after.number() != before.number() && after.number() != before.number() + 1) {
            throw broken("staysFollowOneAnother", instance, "stay " + after.number() + " follows " + before.number());
        }
    }

    /** Exception: until AWS has accepted an intended end, it can turn out that the action had ended without Gantry. */
    private void anEndIsFinal(InstanceId instance, Stay before, Stay after) {
        Optional<Closing.Kind> was = before.closing().map(Closing::kind);
        Optional<Closing.Kind> is = after.closing().map(Closing::kind);
        boolean isElsewhere = is.equals(Optional.of(Closing.Kind.ELSEWHERE))
                && before.closedAt().isEmpty()
                && machines.get(instance).waits.stream()
                        .filter(wait -> !wait.overAt.isBefore(before.openedAt()))
                        .noneMatch(wait -> wait.isCompletedByGantry);
        boolean isSame = was.isEmpty() || was.equals(is) || isElsewhere;
        boolean staysDone = before.closedAt().isEmpty() || before.closedAt().equals(after.closedAt());
        // A worker that does not know of the end writes the deleted record again.
        if ((!isSame || !staysDone) && !ledger.wasDeleted(instance)) {
            throw broken("anEndIsFinal", instance, Words.of(before) + " becomes " + Words.of(after));
        }
    }

    private void noStayIsClosedWhileItsHookHolds(InstanceId instance, Stay before, Stay after) {
        boolean isNew = before.closedAt().isEmpty() && after.closedAt().isPresent();
        boolean isHeld = machines.get(instance)
                .held()
                // A stay that an older description opened at the warm gate is over once the instance waits at the
                // service gate.
                .filter(wait -> wait.gate == before.gate() && !wait.began.isAfter(before.openedAt()))
                .isPresent();
        if (isNew && isHeld) {
            throw broken(
                    "noStayIsClosedWhileItsHookHolds", instance, "it waits, and its record says " + Words.of(after));
        }
    }

    private void noRunIsForgotten(InstanceId instance, Stay before, Stay after) {
        for (Attempt attempt : before.attempts()) {
            boolean wasSent = machines.get(instance).issued.stream()
                    .anyMatch(one -> one.command.run().equals(Optional.of(attempt.runId())));
            Optional<Attempt> kept = after.attempts().stream()
                    .filter(a -> a.runId().equals(attempt.runId()))
                    .findFirst();
            boolean keepsEnd = attempt.end().isEmpty()
                    || kept.filter(a -> a.end().equals(attempt.end())).isPresent();
            if ((wasSent && kept.isEmpty()) || !keepsEnd) {
                throw broken("noRunIsForgotten", instance, Words.of(before) + " becomes " + Words.of(after));
            }
        }
    }

    /**
     * Called when an instance's heartbeat runs out. That is allowed only if no look was undisturbed between the time to renew
     * and the launch deadline, or if an abandonment is intended: the hook's default result does the same.
     */
    void everyStayEndsBeforeItsGatesLimit(Machine machine, Machine.Wait wait) {
        Instant due = wait.renewedAt.plus(scenario.policy().renewal());
        boolean wasEnforced =
                !settings.everWas(due.minus(STALE), timeline.instant(), p -> p.mode() == Policy.Mode.OBSERVE);
        boolean isIntended = ledger.stay(machine.id)
                .flatMap(Stay::closing)
                .filter(end -> end.kind() == Closing.Kind.ABANDONED)
                .isPresent();
        Instant end = machine.stayBegan(wait)
                .plus(least(timeline.instant(), Policy::launchDeadline))
                .plus(scenario.policy().hold());
        // A look that began just before the end may have decided after it.
        boolean couldRenew = cleanLooks.getOrDefault(machine.id, Collections.emptyNavigableSet()).tailSet(due).stream()
                .anyMatch(look -> look.plus(LOOK).isBefore(end) || isHeldAt(machine, look.plus(LOOK)));
        if (wasEnforced && couldRenew && !isIntended) {
            throw broken(
                    "everyStayEndsBeforeItsGatesLimit",
                    machine.id,
                    "its heartbeat ran out at " + wait.gate + " although it was looked at undisturbed");
        }
    }

    private boolean isHeldAt(Machine machine, Instant time) {
        return Optional.ofNullable(holds.get(machine.id))
                .filter(kept -> ledger.stay(machine.id)
                        .filter(stay -> stay.number() == kept.stay())
                        .isPresent())
                .filter(kept -> time.isBefore(kept.hold().until()))
                .isPresent();
    }

    /**
     * The longest that a stay may take once there are no faults: its launch deadline, its hold, what an operator may ask for, and
     * ten minutes in which to notice. If broken settings kept it beyond those, half a heartbeat and one run are added.
     */
    Duration longestStay() {
        Policy p = scenario.policy();
        Duration deadline = settings.most(Timeline.START, timeline.instant(), Policy::launchDeadline);
        Duration afterRepair = p.renewal().plus(p.deliveryTimeout()).plus(p.runTimeout());
        return deadline.plus(p.hold())
                .plus(holds.isEmpty() ? Duration.ZERO : Operators.LONGEST_HOLD)
                .plus(Operators.LATEST)
                .plus(bundles.everWas(Bundles.Mistake.SETTINGS_BROKEN) ? afterRepair : Duration.ZERO)
                .plus(SETTLING);
    }

    /** Once there are no faults, every stay ends within its deadline and its hold. */
    void everythingSettles(Instant faultsStopped) {
        Duration longest = longestStay();
        machines.values().forEach(machine -> machine.held().ifPresent(wait -> {
            Instant from = wait.began.isBefore(faultsStopped) ? faultsStopped : wait.began;
            if (from.plus(longest).isBefore(timeline.instant()) && !bundles.isMistaken()) {
                throw broken("everythingSettles", machine.id, "it still waits at " + wait.gate);
            }
        }));
    }

    /** Once there are no faults, a launch proceeds soon. */
    void launchesServeAgain(Machine canary) {
        boolean proceeded = !canary.waits.isEmpty() && canary.waits.get(0).isOver && !canary.isLeaving();
        if (!proceeded) {
            throw broken("launchesServeAgain", canary.id, "launched after the faults, it is " + canary.state());
        }
    }

    private static String machineAndRun(InstanceId instance, String run) {
        return instance + " " + run;
    }

    private static Violation broken(String invariant, InstanceId instance, String message) {
        return new Violation(invariant, "instance " + instance + ": " + message);
    }
}
