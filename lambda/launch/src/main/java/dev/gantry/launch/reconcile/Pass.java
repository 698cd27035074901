package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.DecisionTable;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Trouble;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One look at up to fifty instances of one fleet: collects a decision for each, and writes to the ledger for all. */
final class Pass {
    private final Fleets.View view;
    private final Ledger ledger;
    private final Journal journal;
    private final Progresses progresses;
    private final Instant describedAt;
    private final Instant until;
    private final Map<InstanceId, Decision> decisions = new TreeMap<>();
    private final List<Case> mistaken = new ArrayList<>();
    private final Map<InstanceId, GantryException> unnoted = new TreeMap<>();
    private final Set<BundleId> takenOut = new TreeSet<>();
    private final Set<Asked> unanswered = EnumSet.noneOf(Asked.class);
    private Optional<Trouble> trouble;

    Pass(Fleets.View view, Ledger ledger, Journal journal, Progresses progresses, Instant describedAt, Instant until) {
        this.progresses = progresses;
        this.describedAt = describedAt;
        this.until = until;
        this.view = view;
        this.ledger = ledger;
        this.journal = journal;
        this.trouble = view.trouble();
    }

    /** Whether nothing more may be begun: the function would be ended in the middle of it. */
    boolean isOver(Instant now) {
        return !now.isBefore(until);
    }

    /** When Auto Scaling was asked about the instances: what the ledger has learned since is newer. */
    Instant describedAt() {
        return describedAt;
    }

    /** What is said of an instance for which there is no time left. */
    static GantryException outOfTime() {
        return new GantryException.Retryable("there is no time left in this invocation; Gantry looks again", null);
    }

    /** What is known of commands. */
    Progresses progresses() {
        return progresses;
    }

    Fleets.View view() {
        return view;
    }

    Fleet fleet() {
        return view.fleet();
    }

    Map<InstanceId, Decision> decisions() {
        return decisions;
    }

    void decided(InstanceId instance, Decision decision) {
        decisions.put(instance, decision);
    }

    /** The breaker took this bundle out after the pass had looked at the release. */
    void takenOut(BundleId bundle) {
        takenOut.add(bundle);
    }

    /** Whether a run may no longer begin because its bundle was taken out in this pass; it is decided on anew soon. */
    boolean isStopped(InstanceId instance, BundleId bundle) {
        boolean stopped = takenOut.contains(bundle);
        if (stopped) {
            String why = "bundle " + bundle.brief() + " was quarantined just now";
            decided(instance, new Decision.Wait(Reason.BACKOFF, Optional.of(DecisionTable.AGENT_LOOK), why));
        }
        return stopped;
    }

    /** The decision about an instance for which a call failed: look again. */
    void failed(InstanceId instance, GantryException error) {
        lookAgain(instance, error);
        if (error.kind() == Trouble.Kind.MISCONFIGURED) {
            unnoted.put(instance, error);
        }
    }

    private void lookAgain(InstanceId instance, GantryException error) {
        decided(instance, waitFor(error));
        journal.log("look_failed", withError(Map.of("instance", instance.value()), error));
    }

    /** The fields of a line about a call that failed: these, the fleet, and the error. */
    Map<String, Object> withError(Map<String, ?> about, GantryException error) {
        Map<String, Object> fields = new TreeMap<>(about);
        fields.put("fleet", fleet().name().value());
        fields.put("kind", error.kind().name());
        fields.put("error", String.valueOf(error.getMessage()));
        return fields;
    }

    /** The same for an instance whose stay is known: a mistake is noted there, and so told once. */
    void failed(Case c, GantryException error) {
        lookAgain(c.instance(), error);
        if (error.kind() == Trouble.Kind.MISCONFIGURED) {
            mistaken.add(c.with(c.stay().withTrouble(trouble(error, c.seen().now()))));
        }
    }

    /** The cases that a mistake keeps from being renewed or completed. */
    List<Case> mistaken() {
        return mistaken;
    }

    /** Tells the mistakes that could not be noted on a stay, of which no stay remembers that they were told. */
    void pageUnnoted() {
        if (unnoted.isEmpty()) {
            return;
        }
        Map<String, String> errors = new TreeMap<>();
        unnoted.forEach((instance, error) -> errors.put(instance.value(), String.valueOf(error.getMessage())));
        journal.pageOnce(
                "misconfigured",
                fleet().name() + " " + unnoted.values().iterator().next().key(),
                errors.size() + " instance(s) of " + fleet().name()
                        + " cannot be looked after, so that their heartbeats"
                        + " run out until somebody repairs this: "
                        + errors.values().iterator().next(),
                Map.of("fleet", fleet().name().value(), "errors", errors));
    }

    /** What is wrong with the fleet, or with looking at all of its instances. */
    Optional<Trouble> trouble() {
        return trouble;
    }

    /** Keeps a mistake that shows in this pass, unless there is one already. */
    void mistake(GantryException error, Instant now) {
        if (trouble.isEmpty() && error.kind() == Trouble.Kind.MISCONFIGURED) {
            trouble = Optional.of(trouble(error, now));
        }
    }

    /** What Systems Manager is asked about a stay. */
    enum Asked {
        AGENTS,
        /** Commands whose id is known. */
        RUNS,
        /** Commands that may have been sent. */
        LOST_SENDS
    }

    /** It did not answer in this pass, if that is what the error says: a refusal is an answer. */
    void unanswered(Asked what, GantryException error) {
        if (error.kind() == Trouble.Kind.RETRYABLE) {
            unanswered.add(what);
        }
    }

    boolean isUnanswered(Asked what) {
        return unanswered.contains(what);
    }

    static Trouble trouble(GantryException error, Instant now) {
        return error.asTrouble(now);
    }

    static Decision waitFor(GantryException error) {
        Reason reason = error.kind() == Trouble.Kind.MISCONFIGURED ? Reason.MISCONFIGURED : Reason.RETRYABLE;
        return new Decision.Wait(reason, Optional.of(DecisionTable.AGENT_LOOK), String.valueOf(error.getMessage()));
    }

    /** Stores the cases' stays; those that somebody else wrote in between, or that failed, are decided on later. */
    List<Case> store(Collection<Case> cases) {
        Map<InstanceId, Ledger.Entry> changes = new LinkedHashMap<>();
        cases.forEach(c -> changes.put(c.instance(), c.loaded().with(c.stay())));
        Map<InstanceId, Result<Optional<Ledger.Entry>>> results =
                changes.isEmpty() ? Map.of() : ledger.write(fleet().name(), changes);
        return cases.stream()
                .flatMap(c -> stored(c, results.get(c.instance())).stream())
                .toList();
    }

    private Optional<Case> stored(Case written, Result<Optional<Ledger.Entry>> result) {
        if (result instanceof Result.Err<Optional<Ledger.Entry>> err) {
            failed(written.instance(), err.error());
            return Optional.empty();
        }
        Optional<Ledger.Entry> entry = ((Result.Ok<Optional<Ledger.Entry>>) result).value();
        if (entry.isEmpty()) {
            decided(
                    written.instance(),
                    new Decision.Wait(
                            Reason.CLAIM,
                            Optional.of(DecisionTable.AGENT_LOOK),
                            "another worker wrote to the instance's record in between"));
        }
        return entry.map(written::stored);
    }
}
