package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Observation;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Evidence;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Puts together what AWS and the ledger say now, in as few calls as possible, and decides nothing. */
final class Observer {
    private final AgentEvidence agents;
    private final RunEvidence runs;
    private final BastionEvidence bastion;
    private final Ledger ledger;
    private final Journal journal;
    private final InstantSource clock;
    private final Duration takeover;

    Observer(Ports ports) {
        this.agents = new AgentEvidence(ports.agents(), ports.journal(), ports.clock(), ports.takeover());
        this.runs = new RunEvidence(ports.commands(), ports.journal(), ports.clock());
        this.bastion = new BastionEvidence(ports.bastion(), ports.journal(), ports.clock());
        this.ledger = ports.ledger();
        this.journal = ports.journal();
        this.clock = ports.clock();
        this.takeover = ports.takeover();
    }

    /**
     * What is to be observed.
     *
     * @param looks why each member is looked at
     * @param cache what is known about commands
     * @param read what was read ahead
     */
    record Subject(
            Collection<Member> members, Map<InstanceId, Look> looks, CommandProgressCache cache, ReadAhead read) {}

    /** What the evidence showed: the stays, what else was seen, and what is wrong with the fleet or with looking at it. */
    private record Learned(
            Map<InstanceId, Stay> stays,
            Map<InstanceId, Reply> replies,
            Map<InstanceId, Agent> agents,
            Optional<Trouble> trouble) {}

    /** The instances as observed; the outcomes have those whose record could not be read. */
    Acted observe(FleetFacts facts, Subject subject) {
        subject.members().stream()
                .filter(member -> Lifecycle.of(member.state()) == Lifecycle.UNKNOWN)
                .forEach(member -> logUnknown(facts, member));
        Loaded loaded = load(facts, subject);
        Learned learned = learn(facts, subject, stays(facts, subject, loaded.entries()));
        List<ObservedInstance> observed = new ArrayList<>();
        for (Member member : subject.members()) {
            Ledger.Entry entry = loaded.entries().get(member.instance());
            if (entry != null) {
                observed.add(new ObservedInstance(member.instance(), entry, observation(facts, member, learned)));
            }
        }
        return new Acted(observed, loaded.unread());
    }

    private void logUnknown(FleetFacts facts, Member member) {
        journal.log(
                EventType.UNKNOWN_STATE,
                Map.of(
                        "fleet", facts.name().value(),
                        "instance", member.instance().value(),
                        "state", member.state()));
    }

    private record Loaded(Map<InstanceId, Ledger.Entry> entries, Outcomes unread) {}

    private Loaded load(FleetFacts facts, Subject subject) {
        Set<InstanceId> ids = subject.members().stream().map(Member::instance).collect(Collectors.toSet());
        Map<InstanceId, Ledger.Entry> entries = new TreeMap<>();
        Outcomes unread = Outcomes.NONE;
        for (Map.Entry<InstanceId, Result<Ledger.Entry>> e :
                new TreeMap<>(subject.read().records(ledger, facts, ids)).entrySet()) {
            if (e.getValue() instanceof Result.Ok<Ledger.Entry> ok) {
                entries.put(e.getKey(), ok.value());
            } else if (e.getValue() instanceof Result.Err<Ledger.Entry> err) {
                unread = unread.then(Outcomes.failed(e.getKey(), err.error()));
            }
        }
        return new Loaded(entries, unread);
    }

    private Map<InstanceId, Stay> stays(FleetFacts facts, Subject subject, Map<InstanceId, Ledger.Entry> entries) {
        Map<InstanceId, Stay> stays = new TreeMap<>();
        for (Member member : subject.members()) {
            Optional<Look> look = Optional.ofNullable(subject.looks().get(member.instance()));
            Optional.ofNullable(entries.get(member.instance()))
                    .flatMap(entry -> stay(facts.describedAt(), member, entry, look))
                    .map(stay -> stay.learn(announced(look)))
                    .ifPresent(stay -> stays.put(member.instance(), stay));
        }
        return stays;
    }

    private static List<Evidence> announced(Optional<Look> look) {
        return look.flatMap(Look::interruptedAt)
                .<List<Evidence>>map(at -> List.of(new Evidence.Interrupted(at)))
                .orElse(List.of());
    }

    /** An instance beyond the gate has left its stay, whatever completed it; one that is terminating never comes back. */
    private Optional<Stay> stay(Instant describedAt, Member member, Ledger.Entry entry, Optional<Look> look) {
        Instant now = clock.instant();
        Lifecycle lifecycle = Lifecycle.of(member.state());
        String seen = "was seen " + member.state();
        return switch (lifecycle) {
            case AT_WARM_GATE, AT_SERVICE_GATE -> Stay.current(
                    entry.stay(), lifecycle.gate().orElseThrow(), describedAt, look.flatMap(Look::hint), now);
            case IN_SERVICE, AWAY -> entry.stay()
                    .map(stay -> stay.isYoung(describedAt) ? stay : stay.passed(seen, now));
            case LEAVING -> entry.stay().map(stay -> stay.gone(seen, now));
            case ARRIVING, UNKNOWN -> entry.stay();
        };
    }

    /** Gathers evidence and learns it. Each kind builds on the ones before: a command has to be found before its progress is asked. */
    private Learned learn(FleetFacts facts, Subject subject, Map<InstanceId, Stay> stays) {
        Gathered lost = runs.lostSends(stays, takeover);
        Map<InstanceId, Stay> found = lost.learnedBy(stays);
        Gathered named = runs.named(facts, found, subject.looks());
        Map<InstanceId, Stay> heard = named.learnedBy(found);
        Gathered progress = runs.progress(subject.cache(), heard, subject.looks());
        Map<InstanceId, Stay> ended = progress.learnedBy(heard);
        Map<InstanceId, Reply> replies = bastion.replies(facts, ended);
        Map<InstanceId, Stay> answered = bastion.ends(replies).learnedBy(ended);
        AgentEvidence.Seen seen = agents.describe(facts, answered, subject.read());
        Set<SsmCall> unanswered = EnumSet.noneOf(SsmCall.class);
        note(unanswered, SsmCall.LOST_SENDS, lost.error());
        note(unanswered, SsmCall.RUNS, progress.error());
        note(unanswered, SsmCall.AGENTS, seen.error());
        Map<InstanceId, Stay> known =
                agents.silence(facts, answered, unanswered).learnedBy(answered);
        return new Learned(known, replies, seen.agents(), trouble(facts, List.of(lost, named, progress), seen));
    }

    /** A refusal is an answer: only a temporary error means that Systems Manager did not answer. */
    private static void note(Set<SsmCall> unanswered, SsmCall call, Optional<GantryException> error) {
        error.filter(e -> e.kind() == Trouble.Kind.RETRYABLE).ifPresent(e -> unanswered.add(call));
    }

    /** What is wrong with the fleet itself comes first, then what keeps Gantry from learning about its runs or agents. */
    private Optional<Trouble> trouble(FleetFacts facts, List<Gathered> gathered, AgentEvidence.Seen seen) {
        List<GantryException> errors =
                gathered.stream().flatMap(g -> g.error().stream()).toList();
        errors.forEach(
                error -> journal.log(EventType.RUNS_NOT_LEARNED, LogFields.ofError(facts.name(), Map.of(), error)));
        return facts.view()
                .trouble()
                .or(() -> errors.stream()
                        .filter(error -> error.kind() == Trouble.Kind.MISCONFIGURED)
                        .findFirst()
                        .map(error -> error.asTrouble(clock.instant())))
                .or(() -> seen.error().map(error -> error.asTrouble(clock.instant())));
    }

    private Observation observation(FleetFacts facts, Member member, Learned learned) {
        InstanceId instance = member.instance();
        return new Observation(
                clock.instant(),
                new Observation.Terms(facts.fleet(), facts.release(), takeover),
                Lifecycle.of(member.state()),
                Optional.ofNullable(learned.stays().get(instance)),
                learned.agents().getOrDefault(instance, Agent.ABSENT),
                Optional.ofNullable(learned.replies().get(instance)),
                learned.trouble());
    }
}
