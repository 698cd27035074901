package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Observation;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Agents;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Puts together what AWS and the ledger say now, in as few calls as possible, and decides nothing. */
final class Observer {
    private final Agents agents;
    private final Runs runs;
    private final Replies replies;
    private final Ledger ledger;
    private final Journal journal;
    private final InstantSource clock;
    private final Duration takeover;

    Observer(Ports ports) {
        this.agents = ports.agents();
        this.runs = new Runs(ports.commands(), ports.journal(), ports.clock());
        this.replies = new Replies(ports.bastion(), ports.journal(), ports.clock());
        this.ledger = ports.ledger();
        this.journal = ports.journal();
        this.clock = ports.clock();
        this.takeover = ports.takeover();
    }

    List<Case> observe(Pass pass, Collection<Member> members, Map<InstanceId, Look> looks) {
        members.stream()
                .filter(member -> Lifecycle.of(member.state()) == Lifecycle.UNKNOWN)
                .forEach(member -> tellUnknown(pass, member));
        Map<InstanceId, Ledger.Entry> entries = load(pass, members);
        Map<InstanceId, Stay> stays = stays(pass, members, looks, entries);
        Map<InstanceId, Stay> learned = runs.learn(pass, stays, looks, takeover);
        Map<InstanceId, Reply> answers = replies.read(pass, learned);
        AgentsSeen seen = agentsOf(pass, learned);
        noteSilence(pass, learned);
        List<Case> cases = new ArrayList<>();
        for (Member member : members) {
            Ledger.Entry entry = entries.get(member.instance());
            if (entry != null) {
                Optional<Stay> stay = Optional.ofNullable(learned.get(member.instance()));
                cases.add(new Case(member.instance(), entry, observation(pass, member, stay, answers, seen)));
            }
        }
        return cases;
    }

    private void tellUnknown(Pass pass, Member member) {
        journal.log(
                "unknown_state",
                Map.of(
                        "fleet", pass.fleet().name().value(),
                        "instance", member.instance().value(),
                        "state", member.state()));
    }

    private Observation observation(
            Pass pass, Member member, Optional<Stay> stay, Map<InstanceId, Reply> answers, AgentsSeen seen) {
        return new Observation(
                clock.instant(),
                pass.fleet(),
                pass.view().release(),
                Lifecycle.of(member.state()),
                stay,
                seen.agents().getOrDefault(member.instance(), Agent.ABSENT),
                Optional.ofNullable(answers.get(member.instance())),
                pass.trouble().or(seen::trouble),
                takeover);
    }

    private Map<InstanceId, Ledger.Entry> load(Pass pass, Collection<Member> members) {
        Set<InstanceId> ids = members.stream().map(Member::instance).collect(Collectors.toSet());
        Map<InstanceId, Ledger.Entry> entries = new TreeMap<>();
        ledger.load(pass.fleet().name(), ids).forEach((instance, result) -> {
            if (result instanceof Result.Ok<Ledger.Entry> ok) {
                entries.put(instance, ok.value());
            } else if (result instanceof Result.Err<Ledger.Entry> err) {
                pass.failed(instance, err.error());
            }
        });
        return entries;
    }

    private Map<InstanceId, Stay> stays(
            Pass pass, Collection<Member> members, Map<InstanceId, Look> looks, Map<InstanceId, Ledger.Entry> entries) {
        Map<InstanceId, Stay> stays = new TreeMap<>();
        for (Member member : members) {
            Ledger.Entry entry = entries.get(member.instance());
            if (entry != null) {
                stay(pass.describedAt(), member, entry, Optional.ofNullable(looks.get(member.instance())))
                        .ifPresent(stay -> stays.put(member.instance(), stay));
            }
        }
        return stays;
    }

    /** An instance beyond the gate has left its stay, whoever completed it; one that is leaving never comes back. */
    private Optional<Stay> stay(Instant describedAt, Member member, Ledger.Entry entry, Optional<Look> look) {
        Instant now = clock.instant();
        Lifecycle lifecycle = Lifecycle.of(member.state());
        String seen = "was seen " + member.state();
        return switch (lifecycle) {
            case AT_WARM_GATE, AT_SERVICE_GATE -> Stay.current(
                    entry.stay(), lifecycle.gate().orElseThrow(), describedAt, look.flatMap(Look::hint), now);
            case PASSED -> entry.stay().map(stay -> stay.isYoung(describedAt) ? stay : stay.passed(seen, now));
            case LEAVING -> entry.stay().map(stay -> stay.gone(seen, now));
            case ARRIVING, UNKNOWN -> entry.stay();
        };
    }

    private record AgentsSeen(Map<InstanceId, Agent> agents, Optional<Trouble> trouble) {}

    private AgentsSeen agentsOf(Pass pass, Map<InstanceId, Stay> stays) {
        Set<InstanceId> asked = stays.entrySet().stream()
                .filter(e -> needsAgent(pass, e.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        try {
            return new AgentsSeen(asked.isEmpty() ? Map.of() : agents.describe(asked), Optional.empty());
        } catch (GantryException e) {
            pass.unanswered(Pass.Asked.AGENTS, e);
            if (e.kind() == Trouble.Kind.RETRYABLE) {
                // A mistake is noted on the stays and told there.
                journal.log("look_failed", pass.withError(Map.of("instances", ids(asked)), e));
            }
            return new AgentsSeen(Map.of(), Optional.of(Pass.trouble(e, clock.instant())));
        }
    }

    private static List<String> ids(Set<InstanceId> instances) {
        return instances.stream().map(InstanceId::value).sorted().toList();
    }

    private static boolean needsAgent(Pass pass, Stay stay) {
        return stay.isOpen()
                && stay.attempts().stream().noneMatch(Attempt::succeeded)
                && stay.lastAttempt()
                        .filter(a -> a.isUnderWay() && !mayGoAnotherWay(pass, a))
                        .isEmpty();
    }

    /** A run that was certainly never sent is sent again, or goes over the bastion where the agent is away. */
    private static boolean mayGoAnotherWay(Pass pass, Attempt run) {
        return !run.mayHaveBegun() && run.absence().isProven() && hasFallback(pass);
    }

    private static boolean hasFallback(Pass pass) {
        return pass.fleet().policy().fallback().isUsed();
    }

    /** For how long Systems Manager has not answered about a stay matters only where there is another way. */
    private void noteSilence(Pass pass, Map<InstanceId, Stay> stays) {
        if (hasFallback(pass)) {
            Instant now = clock.instant();
            stays.replaceAll((instance, stay) -> asked(pass, stay, now)
                    .map(what -> pass.isUnanswered(what) ? stay.unanswered(now) : stay.answered())
                    .orElse(stay));
        }
    }

    /** What Systems Manager was asked about this stay, if anything. */
    private Optional<Pass.Asked> asked(Pass pass, Stay stay, Instant now) {
        if (needsAgent(pass, stay)) {
            return Optional.of(Pass.Asked.AGENTS);
        }
        return stay.lastAttempt()
                .filter(a -> stay.isOpen() && a.isUnderWay() && !a.isOverTheBastion())
                .filter(a -> a.commandId().isPresent()
                        || !a.claimedAt().plus(takeover).isAfter(now))
                .map(a -> a.commandId().isPresent() ? Pass.Asked.RUNS : Pass.Asked.LOST_SENDS);
    }
}
